package dev.outpost.functions.api;

import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Admit;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Status;
import dev.outpost.edge.ApiError;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.Refused;
import dev.outpost.edge.WireTime;
import dev.outpost.functions.api.request.DispatchRequest;
import dev.outpost.functions.api.request.DispatchRules;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@code POST /dispatch}: accepts a dispatch, or says why not and leaves no trace. */
final class CreateDispatch implements Endpoint {
  /** The header that tells a repeat from a first acceptance. */
  static final String REPLAYED = "Idempotency-Replayed";

  private final DispatchRules rules;
  private final BroughtSecrets brought;
  private final Admit admit;
  private final Duration usualStart;
  private final InstantSource clock;

  CreateDispatch(
      DispatchRules rules,
      BroughtSecrets brought,
      Admit admit,
      Duration usualStart,
      InstantSource clock) {
    this.rules = Objects.requireNonNull(rules, "rules");
    this.brought = Objects.requireNonNull(brought, "brought");
    this.admit = Objects.requireNonNull(admit, "admit");
    this.usualStart = Objects.requireNonNull(usualStart, "usualStart");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public Answer answer(Call call) throws Refused {
    Map<?, ?> body = JsonBody.of(call.request());
    new Query(call.request()).done();
    DispatchRequest wish = rules.read(body, call.request(), call.principal().tier());
    brought.check(call.principal().tenantId(), List.of(wish.agent()), wish.spec().secrets());
    return switch (admit.admit(call.principal(), wish.spec(), wish.key())) {
      case Admission.Accepted accepted -> accepted(accepted.dispatch(), Map.of());
      case Admission.Replayed replayed -> accepted(replayed.dispatch(), Map.of(REPLAYED, "true"));
      case Admission.KeyReused _ ->
          throw new Refused(
              ErrorCode.IDEMPOTENCY_MISMATCH,
              "Another request was accepted under this idempotency key; use a new key.");
      case Admission.DayUsedUp used ->
          throw new Refused(ApiError.dayUsedUp(used.limit(), used.resetsAt(), clock.instant()));
    };
  }

  /** The answer of the acceptance, also when it is asked for again much later. */
  private Answer accepted(Dispatch dispatch, Map<String, String> headers) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("dispatchId", dispatch.id().value());
    data.put("status", Status.PENDING.wire());
    data.put("agent", dispatch.spec().agent());
    data.put("modelId", dispatch.spec().model().orElse(null));
    data.put("estimatedStartTime", WireTime.of(dispatch.createdAt().plus(usualStart)));
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Location", "/dispatch/" + dispatch.id().value());
    return new Answer(201, data, all);
  }
}
