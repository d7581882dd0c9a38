package dev.outpost.cdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Spec;
import dev.outpost.dispatch.StateChange;
import dev.outpost.dispatch.Status;
import dev.outpost.lambda.FixedAnswers;
import dev.outpost.relay.Relay;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.RunResult;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.event.ruler.Ruler;

/** The filter before the relay lets through what concerns it, and nothing else. */
class TellingChangesTest {
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
  private static final Launch LAUNCH = new Launch(1, NOW, "definition:1", Optional.empty());
  private static final Launch KNOWN = LAUNCH.with("arn:task", NOW);
  private static final Claimed CLAIMED = new Claimed("a3f1c2d4e5f60718293a4b5c6d7e8f90", NOW);
  private static final RunResult RESULT =
      new RunResult(
          Optional.empty(),
          OptionalInt.of(0),
          "done",
          Optional.empty(),
          Optional.empty(),
          0,
          List.of());

  private static final List<Set<Status>> PUBLISHED =
      List.of(
          Relay.USUALLY_PUBLISHED,
          EnumSet.of(Status.SUCCESS),
          EnumSet.of(Status.PENDING, Status.COMPLETING),
          EnumSet.allOf(Status.class));

  private static List<Dispatch> dispatches() {
    List<DispatchState> states = new ArrayList<>();
    states.add(new DispatchState.Pending(1, NOW));
    states.add(new DispatchState.Pending(2, NOW.plusSeconds(60)));
    states.add(new DispatchState.Provisioning(LAUNCH));
    states.add(new DispatchState.Provisioning(KNOWN));
    for (int percent : List.of(5, 50)) {
      states.add(
          new DispatchState.Running(
              KNOWN, CLAIMED, new Progress(percent, "working"), Optional.empty(), NOW));
    }
    states.add(new DispatchState.Completing(KNOWN, CLAIMED, RESULT, NOW));
    Failure cancelled = new Failure(Cause.CANCELLED, "cancelled");
    for (Launch launch : List.of(LAUNCH, KNOWN)) {
      states.add(
          new DispatchState.Stopping(launch, Optional.empty(), cancelled, Optional.empty(), NOW));
    }
    for (Optional<Failure> failure :
        List.of(
            Optional.<Failure>empty(),
            Optional.of(cancelled),
            Optional.of(new Failure(Cause.TIMEOUT, "late")),
            Optional.of(new Failure(Cause.AGENT_ERROR, "failed")))) {
      states.add(
          new DispatchState.Ended(
              Optional.of(KNOWN),
              Optional.of(CLAIMED),
              NOW,
              failure,
              OptionalInt.of(0),
              Optional.of(RESULT)));
    }
    Dispatch accepted =
        Dispatch.accepted(
            new DispatchId("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG"),
            new TenantId("7f6b1f0e-3a51-4c9e-9a55-0c1d2e3f4a5b"),
            new Spec(
                "claude",
                Optional.empty(),
                "Fix it. " + "And more. ".repeat(100),
                Optional.empty(),
                new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.NONE),
                Optional.empty(),
                Duration.ofMinutes(10),
                Optional.empty(),
                Map.of(),
                Optional.empty()),
            NOW);
    return states.stream().map(accepted::in).toList();
  }

  private static Object item(Dispatch dispatch) throws Exception {
    return JSON.std.mapFrom(FixedAnswers.found(dispatch).getFirst().answer()).get("Item");
  }

  private static boolean passes(Set<Status> published, Map<String, Object> images)
      throws Exception {
    String told = JSON.std.asString(Map.of("eventSource", "aws:dynamodb", "dynamodb", images));
    for (Map<String, Object> pattern : patterns(published)) {
      if (Ruler.matchesRule(told, JSON.std.asString(pattern))) {
        return true;
      }
    }
    return false;
  }

  private static List<Map<String, Object>> patterns(Set<Status> published) {
    return TellingChanges.patterns(published.stream().map(Status::wire).toList());
  }

  @Test
  void aChangePassesWhenItConcernsTheRelayAndOnlyThen() throws Exception {
    for (Set<Status> published : PUBLISHED) {
      for (Dispatch after : dispatches()) {
        for (Dispatch before : dispatches()) {
          if (before.state().isTerminal() && !before.equals(after)) {
            // An end absorbs: of one only the same is written, when it was told.
            continue;
          }
          Map<String, Object> images = new LinkedHashMap<>();
          images.put("OldImage", item(before));
          images.put("NewImage", item(after));
          assertThat(passes(published, images))
              .as(before.state() + " to " + after.state() + " for " + published)
              .isEqualTo(Relay.concerns(new StateChange(Optional.of(before), after), published));
        }
      }
      Dispatch accepted = dispatches().getFirst();
      assertThat(passes(published, Map.of("NewImage", item(accepted))))
          .isEqualTo(Relay.concerns(new StateChange(Optional.empty(), accepted), published))
          .isEqualTo(published.contains(Status.PENDING));
    }
  }

  @Test
  void whatIsRemovedAndWhatIsNoDispatchNeverPasses() throws Exception {
    for (Set<Status> published : PUBLISHED) {
      for (Dispatch dispatch : dispatches()) {
        assertThat(passes(published, Map.of("OldImage", item(dispatch)))).isFalse();
      }
      Object task =
          JSON.std
              .mapFrom(FixedAnswers.found(dispatches().getFirst()).getLast().answer())
              .get("Item");
      assertThat(passes(published, Map.of("NewImage", task))).isFalse();
    }
  }

  /** Lambda's quota of an event source mapping. */
  @Test
  void noStageHasMoreThanFivePatterns() {
    for (Set<Status> published : PUBLISHED) {
      assertThat(patterns(published)).hasSizeBetween(2, 5);
    }
  }
}
