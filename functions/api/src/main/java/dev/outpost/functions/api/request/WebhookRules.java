package dev.outpost.functions.api.request;

import dev.outpost.dispatch.Status;
import dev.outpost.edge.ApiError;
import dev.outpost.edge.FieldError;
import dev.outpost.edge.Fields;
import dev.outpost.edge.Refused;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All rules of a request for a webhook, asked at once. Safe for use by many threads. */
public final class WebhookRules {
  private static final String URL = "url";
  private static final String STATUSES = "statuses";

  private final InstallationPolicy policy;

  /** The rules of that installation. */
  public WebhookRules(InstallationPolicy policy) {
    this.policy = Objects.requireNonNull(policy, "policy");
  }

  /**
   * The webhook that the body asks for.
   *
   * @throws Refused when a rule is broken, naming every mistake
   */
  public WebhookRequest read(Map<?, ?> body) throws Refused {
    List<FieldError> mistakes = new ArrayList<>();
    Fields fields = new Fields(body, mistakes);
    Optional<URI> url = url(fields);
    Set<Status> statuses = statuses(fields);
    fields.refuseUnknown();
    if (!mistakes.isEmpty()) {
      throw new Refused(ApiError.validation(mistakes));
    }
    return new WebhookRequest(url.orElseThrow(), statuses);
  }

  private Optional<URI> url(Fields fields) {
    if (!fields.has(URL)) {
      fields.wrong(URL, "is missing; it must be where you want to be told");
    }
    Optional<String> text = fields.text(URL);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return switch (WebhookAddress.parse(text.get(), policy.localWebhooks())) {
      case WebhookAddress.Good good -> Optional.of(good.url());
      case WebhookAddress.Bad bad -> {
        fields.wrong(URL, bad.flaw());
        yield Optional.empty();
      }
    };
  }

  /** Those that are named, or how dispatches end. */
  private Set<Status> statuses(Fields fields) {
    Set<Status> statuses = EnumSet.noneOf(Status.class);
    if (!fields.has(STATUSES)) {
      policy.told().stream().filter(Status::isTerminal).forEach(statuses::add);
      if (statuses.isEmpty()) {
        fields.wrong(STATUSES, "is missing; this installation tells of " + told());
      }
      return statuses;
    }
    Optional<List<?>> given = fields.list(STATUSES);
    if (given.isEmpty()) {
      return statuses;
    }
    int size = given.get().size();
    if (size == 0 || size > Status.values().length) {
      fields.wrong(
          STATUSES, "must name 1 to " + Status.values().length + " statuses; it names " + size);
      return statuses;
    }
    for (int i = 0; i < size; i++) {
      Optional<Status> status =
          given.get().get(i) instanceof String word
              ? Status.of(word).filter(policy.told()::contains)
              : Optional.empty();
      if (status.isEmpty()) {
        fields.wrong(STATUSES + "[" + i + "]", "must be one of " + told());
      } else if (!statuses.add(status.get())) {
        fields.wrong(STATUSES + "[" + i + "]", "is there already");
      }
    }
    return statuses;
  }

  private String told() {
    return policy.told().stream().sorted().map(Status::wire).collect(Collectors.joining(", "));
  }
}
