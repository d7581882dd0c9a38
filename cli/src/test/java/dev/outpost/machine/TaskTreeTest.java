package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.ContainerContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskTreeTest {
  @TempDir private Path ours;
  @TempDir private Path others;

  @AfterEach
  void endAll() throws IOException {
    TaskTree.endAll(ours);
    TaskTree.endAll(others);
  }

  /** A task that does not listen to SIGTERM, with a child that writes all the time. */
  private static String start(Path data) throws Exception {
    String dispatch = "dsp_" + UUID.randomUUID();
    Path work = Files.createDirectories(data.resolve("tasks/a/work"));
    Path begun = work.resolve("begun");
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                "sh",
                "-c",
                "trap '' TERM; (i=0; while :; do i=$((i+1)); echo $i > begun; done) & wait"));
    builder.directory(work.toFile());
    builder.environment().put(ContainerContract.DISPATCH_ID, dispatch);
    builder.environment().put(ContainerContract.WORK_DIR, work.toString());
    Process task = builder.start();
    LocalEcs.await("it writes", () -> Files.exists(begun));
    assertThat(task.isAlive()).isTrue();
    return dispatch;
  }

  @Test
  void whatAMachineLeavesEndsAndNobodyElsesDoes() throws Exception {
    String dispatch = start(ours);
    String other = start(others);
    TaskTree.endAll(ours);
    assertThat(TaskTree.of(dispatch)).isEmpty();
    assertThat(TaskTree.of(other)).hasSizeGreaterThanOrEqualTo(2);
  }
}
