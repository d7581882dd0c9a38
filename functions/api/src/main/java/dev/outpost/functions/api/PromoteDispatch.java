package dev.outpost.functions.api;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.edge.ApiError;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.FieldError;
import dev.outpost.edge.Fields;
import dev.outpost.edge.Refused;
import dev.outpost.functions.api.request.BranchName;
import dev.outpost.functions.api.request.PlainText;
import dev.outpost.promote.Promote;
import dev.outpost.promote.PullRequests.Opening;
import dev.outpost.run.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code POST /promote}: a dispatch's change as a branch, and as a pull request. */
final class PromoteDispatch implements Endpoint {
  private static final int MAX_TITLE = 200;
  private static final int MAX_BODY = 10_000;

  private final Promote promote;

  PromoteDispatch(Promote promote) {
    this.promote = Objects.requireNonNull(promote, "promote");
  }

  @Override
  public Answer answer(Call call) throws Refused {
    Map<?, ?> body = JsonBody.of(call.request());
    new Query(call.request()).done();
    Promote.Wish wish = wish(body);
    return switch (promote.promote(call.principal(), wish)) {
      case Promote.Outcome.Promoted promoted -> promoted(wish, promoted);
      case Promote.Outcome.NotFound _ -> throw Call.noSuchDispatch();
      case Promote.Outcome.Unfit unfit -> throw new Refused(ErrorCode.CONFLICT, unfit.why());
      case Promote.Outcome.Conflict conflict ->
          throw new Refused(
              ErrorCode.CONFLICT,
              "The branch "
                  + conflict.branch()
                  + " exists and leads to another commit; name another branch.");
      case Promote.Outcome.Failed failed -> throw refused(failed.why());
    };
  }

  private static Refused refused(Failure why) {
    return new Refused(
        why.cause().retryable() ? ErrorCode.SERVICE_UNAVAILABLE : ErrorCode.CONFLICT,
        why.message());
  }

  private static Promote.Wish wish(Map<?, ?> body) throws Refused {
    List<FieldError> mistakes = new ArrayList<>();
    Fields fields = new Fields(body, mistakes);
    Optional<String> id = fields.text("dispatchId");
    if (!fields.has("dispatchId")) {
      fields.wrong("dispatchId", "is missing; name the dispatch whose change is to be promoted");
    }
    Optional<String> branch = fields.text("branch");
    branch.flatMap(BranchName::flaw).ifPresent(flaw -> fields.wrong("branch", flaw));
    boolean pullRequest = fields.flag("createPr").orElse(false);
    Optional<String> title = text(fields, "title", MAX_TITLE);
    title.flatMap(PlainText::lineFlaw).ifPresent(flaw -> fields.wrong("title", flaw));
    Optional<String> text = text(fields, "body", MAX_BODY);
    text.flatMap(PlainText::flaw).ifPresent(flaw -> fields.wrong("body", flaw));
    fields.refuseUnknown();
    if (!mistakes.isEmpty()) {
      throw new Refused(ApiError.validation(mistakes));
    }
    DispatchId dispatch = id.flatMap(DispatchId::parse).orElseThrow(Call::noSuchDispatch);
    return new Promote.Wish(dispatch, branch, pullRequest, title, text);
  }

  private static Optional<String> text(Fields fields, String name, int longest) {
    Optional<String> text = fields.text(name);
    text.filter(t -> t.isBlank() || PlainText.length(t) > longest)
        .ifPresent(_ -> fields.wrong(name, "must have 1 to " + longest + " characters"));
    return text;
  }

  private static Answer promoted(Promote.Wish wish, Promote.Outcome.Promoted promoted)
      throws Refused {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("dispatchId", wish.dispatch().value());
    data.put("branch", promoted.branch());
    data.put("commit", promoted.push().commit());
    data.put("repeated", promoted.push().repeated());
    data.put("pullRequest", null);
    if (promoted.pullRequest().isPresent()) {
      switch (promoted.pullRequest().get()) {
        case Opening.Opened opened ->
            data.put("pullRequest", Map.of("number", opened.number(), "url", opened.url()));
        case Opening.Failed failed ->
            throw new Refused(
                ErrorCode.SERVICE_UNAVAILABLE,
                "The branch "
                    + promoted.branch()
                    + " is pushed, but its pull request could not be opened; ask again. "
                    + failed.why());
      }
    }
    return Answer.ok(data);
  }
}
