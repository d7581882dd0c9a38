package dev.outpost.machine;

import dev.outpost.simulation.aws.EcsConformance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.EcsClient;

class ProcessEcsConformanceIT extends EcsConformance {
  @TempDir private Path directory;
  private LocalEcs local;
  private Path go;
  private Path begun;

  @BeforeEach
  void open() {
    go = directory.resolve("go");
    begun = directory.resolve("begun");
    local =
        LocalEcs.open(
            directory,
            "touch '"
                + begun
                + "'; while [ ! -s '"
                + go
                + "' ]; do sleep 0.05; done; exit $(cat '"
                + go
                + "')");
  }

  @AfterEach
  void close() throws Exception {
    local.close();
    TaskTree.endAll(directory);
  }

  @Override
  protected EcsClient client() {
    return local.ecs;
  }

  @Override
  protected void untilRunning(String arn) throws Exception {
    LocalEcs.await("the container runs", () -> Files.exists(begun));
  }

  @Override
  protected void end(String arn, int code) throws Exception {
    Files.writeString(go, String.valueOf(code));
  }

  @Override
  protected List<Map<String, Object>> untilStopped(String arn) throws Exception {
    return local.until("STOPPED");
  }
}
