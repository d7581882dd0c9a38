package dev.outpost.functions.api;

import dev.outpost.edge.ApiError;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.FieldError;
import dev.outpost.edge.Fields;
import dev.outpost.edge.Refused;
import dev.outpost.edge.WireTime;
import dev.outpost.functions.api.request.PlainText;
import dev.outpost.tenant.ContextDocument;
import dev.outpost.tenant.ContextDocuments;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code /context}: what a tenant wants all its agents to know. Safe for use by many threads. */
final class OwnContextEndpoints {
  private final ContextDocuments documents;
  private final InstantSource clock;

  OwnContextEndpoints(ContextDocuments documents, InstantSource clock) {
    this.documents = Objects.requireNonNull(documents, "documents");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** {@code GET /context}. */
  Answer read(Call call) throws Refused {
    new Query(call.request()).done();
    ContextDocument document =
        documents.find(call.principal().tenantId()).orElseThrow(OwnContextEndpoints::none);
    Map<String, Object> data = new LinkedHashMap<>(shown(document));
    data.put("text", document.text());
    return Answer.ok(data);
  }

  /** {@code PUT /context}. */
  Answer put(Call call) throws Refused {
    new Query(call.request()).done();
    List<FieldError> mistakes = new ArrayList<>();
    Fields fields = new Fields(JsonBody.of(call.request()), mistakes);
    Optional<String> text = fields.text("text");
    if (!fields.has("text")) {
      fields.wrong("text", "is missing; it must be what your agents are to know");
    }
    text.filter(t -> t.isBlank() || PlainText.length(t) > ContextDocument.MAX_CHARACTERS)
        .ifPresent(
            t ->
                fields.wrong(
                    "text",
                    "must have 1 to "
                        + ContextDocument.MAX_CHARACTERS
                        + " characters; it has "
                        + PlainText.length(t)));
    text.flatMap(PlainText::flaw).ifPresent(flaw -> fields.wrong("text", flaw));
    fields.refuseUnknown();
    if (!mistakes.isEmpty()) {
      throw new Refused(ApiError.validation(mistakes));
    }
    ContextDocument document = new ContextDocument(text.orElseThrow(), clock.instant());
    documents.put(call.principal().tenantId(), document);
    return Answer.ok(shown(document));
  }

  /** {@code DELETE /context}. */
  Answer delete(Call call) throws Refused {
    new Query(call.request()).done();
    if (!documents.remove(call.principal().tenantId())) {
      throw none();
    }
    return Answer.ok(Map.of("deleted", true));
  }

  private static Map<String, Object> shown(ContextDocument document) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("characters", PlainText.length(document.text()));
    shown.put("updatedAt", WireTime.of(document.updatedAt()));
    return shown;
  }

  private static Refused none() {
    return new Refused(ErrorCode.NOT_FOUND, "There is no context document.");
  }
}
