package dev.outpost.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Ulids;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Spec;
import dev.outpost.dispatch.StateChange;
import dev.outpost.dispatch.Status;
import dev.outpost.items.DispatchItem;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStreamTest {
  @TempDir private Path folder;

  private static Dispatch dispatch() {
    return Dispatch.accepted(
        DispatchId.next(new Ulids(InstantSource.system())),
        TenantId.random(),
        new Spec(
            "script",
            Optional.empty(),
            "echo hello",
            Optional.empty(),
            new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.NONE),
            Optional.empty(),
            Duration.ofMinutes(1),
            Optional.empty(),
            Map.of(),
            Optional.empty()),
        Instant.parse("2026-11-22T10:00:00Z"));
  }

  private static List<StateChange> changes(EmbeddedStream stream) throws InterruptedException {
    return stream.read(100, Duration.ofSeconds(5)).stream()
        .flatMap(c -> DispatchItem.change(c.before(), Optional.of(c.after())).stream())
        .toList();
  }

  @Test
  void changesAreToldInOrderUntilTheyAreAcknowledgedAlsoAfterAReopening() throws Exception {
    Dispatch dispatch = dispatch();
    try (EmbeddedStore store = EmbeddedStore.open(folder.resolve("s.mv"))) {
      EmbeddedStream stream = new EmbeddedStream(store);
      EmbeddedDispatches dispatches = new EmbeddedDispatches(store, stream);
      dispatches.admit(dispatch, 5, Optional.empty());
      dispatches.change(
          dispatch.id(),
          new DispatchEvent.StopAsked(Instant.now(), new Failure(Cause.CANCELLED, "Cancelled.")));
    }
    try (EmbeddedStore store = EmbeddedStore.open(folder.resolve("s.mv"))) {
      EmbeddedStream stream = new EmbeddedStream(store);
      List<StateChange> told = changes(stream);
      assertThat(told)
          .extracting(c -> c.after().status())
          .containsExactly(Status.PENDING, Status.CANCELLED);
      assertThat(told.getFirst()).isEqualTo(new StateChange(Optional.empty(), dispatch));
      assertThat(told.getLast().before()).contains(dispatch);
      assertThat(new EmbeddedDispatches(store, stream).find(dispatch.id()))
          .contains(told.getLast().after());
      List<String> sequences =
          stream.read(1, Duration.ZERO).stream().map(c -> c.sequence()).toList();
      stream.acknowledge(sequences);
      assertThat(changes(stream)).hasSize(1);
      assertThat(stream.backlog()).isEqualTo(1);
    }
  }

  @Test
  void aWaitingReaderHearsOfNewsAtOnce() throws Exception {
    EmbeddedStore store = EmbeddedStore.inMemory();
    EmbeddedStream stream = new EmbeddedStream(store);
    EmbeddedDispatches dispatches = new EmbeddedDispatches(store, stream);
    Thread writer =
        Thread.ofVirtual().start(() -> dispatches.admit(dispatch(), 5, Optional.empty()));
    assertThat(stream.read(10, Duration.ofSeconds(30))).hasSize(1);
    writer.join();
  }

  @Test
  void anAcknowledgementThatComesTwiceTakesNoNewRecordWithIt() throws Exception {
    EmbeddedStore store = EmbeddedStore.inMemory();
    EmbeddedStream stream = new EmbeddedStream(store);
    EmbeddedDispatches dispatches = new EmbeddedDispatches(store, stream);
    dispatches.admit(dispatch(), 5, Optional.empty());
    List<String> first =
        stream.read(10, Duration.ZERO).stream().map(EmbeddedStream.ItemChange::sequence).toList();
    stream.acknowledge(first);
    dispatches.admit(dispatch(), 5, Optional.empty());
    stream.acknowledge(first);
    assertThat(stream.read(10, Duration.ZERO)).hasSize(1);
  }
}
