package dev.outpost.functions.api;

import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Admit;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Intake;
import dev.outpost.dispatch.Status;
import dev.outpost.edge.ApiError;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.Refused;
import dev.outpost.edge.WireTime;
import dev.outpost.functions.api.request.DispatchRequest;
import dev.outpost.functions.api.request.DispatchRules;
import dev.outpost.tenant.Principal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code POST /dispatch}: accepts a dispatch, or says why not and leaves no trace. */
final class CreateDispatch implements Endpoint {
  /** The header that tells a repeat from a first acceptance. */
  static final String REPLAYED = "Idempotency-Replayed";

  private final DispatchRules rules;
  private final BroughtSecrets brought;
  private final Dispatches dispatches;
  private final WorkspaceRoom room;
  private final Admit admit;
  private final Duration usualStart;
  private final InstantSource clock;

  CreateDispatch(
      DispatchRules rules,
      BroughtSecrets brought,
      Dispatches dispatches,
      WorkspaceRoom room,
      Admit admit,
      Duration usualStart,
      InstantSource clock) {
    this.rules = Objects.requireNonNull(rules, "rules");
    this.brought = Objects.requireNonNull(brought, "brought");
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.room = Objects.requireNonNull(room, "room");
    this.admit = Objects.requireNonNull(admit, "admit");
    this.usualStart = Objects.requireNonNull(usualStart, "usualStart");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public Answer answer(Call call) throws Refused {
    Map<?, ?> body = JsonBody.of(call.request());
    new Query(call.request()).done();
    DispatchRequest wish;
    try {
      wish = wish(call, body);
    } catch (Refused refused) {
      // A repeat is told what was accepted, though by now its time is up, its tier another or its
      // workspace one too many.
      Optional<Intake> earlier =
          DispatchRules.key(body, call.request())
              .flatMap(
                  key -> dispatches.accepted(call.principal().tenantId(), key, clock.instant()));
      return replayed(earlier.orElseThrow(() -> refused));
    }
    return switch (admit.admit(call.principal(), wish.specs(), wish.key())) {
      case Admission.Accepted accepted -> accepted(accepted.intake(), Map.of());
      case Admission.Replayed replayed -> replayed(replayed.intake());
      case Admission.KeyReused _ ->
          throw new Refused(
              ErrorCode.IDEMPOTENCY_MISMATCH,
              "Another request was accepted under this idempotency key; use a new key.");
      case Admission.DayUsedUp used ->
          throw new Refused(
              ApiError.dayUsedUp(used.limit(), used.left(), used.resetsAt(), clock.instant()));
      case Admission.WorkspaceBusy busy ->
          throw new Refused(
              ErrorCode.CONFLICT,
              "The workspace "
                  + busy.booking().name()
                  + " ("
                  + busy.booking().workspace()
                  + ") is in use; ask again later, or with workspaceBusy wait.");
    };
  }

  /** What is wished for, if it keeps all rules. */
  private DispatchRequest wish(Call call, Map<?, ?> body) throws Refused {
    BroughtSecrets.OfTenant own = brought.of(call.principal().tenantId());
    DispatchRequest wish =
        rules.read(
            body,
            call.request(),
            call.principal().tenantId(),
            call.principal().tier(),
            id -> mine(call.principal(), id),
            own::names);
    own.check(wish.agents());
    // The specs of a group differ in their agents alone.
    room.check(call.principal().tenantId(), wish.specs().getFirst());
    return wish;
  }

  /** Another tenant's dispatch is as good as none. */
  private Optional<Dispatch> mine(Principal principal, DispatchId id) {
    return dispatches.find(id).filter(d -> d.tenantId().equals(principal.tenantId()));
  }

  private Answer replayed(Intake intake) {
    return accepted(intake, Map.of(REPLAYED, "true"));
  }

  /** The answer of the acceptance, also when it is asked for again much later. */
  private Answer accepted(Intake intake, Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    if (intake.group().isEmpty()) {
      all.put("Location", "/dispatch/" + intake.first().id().value());
      return new Answer(201, accepted(intake.first()), all);
    }
    String group = intake.group().get().value();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("groupId", group);
    data.put("dispatches", intake.dispatches().stream().map(this::accepted).toList());
    all.put("Location", "/groups/" + group);
    return new Answer(201, data, all);
  }

  private Map<String, Object> accepted(Dispatch dispatch) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("dispatchId", dispatch.id().value());
    data.put("status", Status.PENDING.wire());
    data.put("agent", dispatch.spec().agent());
    data.put("modelId", dispatch.spec().model().orElse(null));
    data.put("estimatedStartTime", WireTime.of(dispatch.createdAt().plus(usualStart)));
    return data;
  }
}
