package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The product as it is staged for {@code ./outpost up}: with its jars alone it does its work. */
class StagedIT {
  @Test
  void theStagedJarsAreAllThatADispatchNeeds(@TempDir Path folder) throws Exception {
    Path jars = Path.of(System.getProperty("outpost.stage"), "lib");
    try (UpProcess up = UpProcess.staged(jars, folder.resolve("data"))) {
      ApiClient api = ApiClient.of(up);
      String id = api.dispatch(Map.of("agent", "script", "task", "echo hello there"));
      assertThat(api.awaitEnd(id)).containsEntry("status", "success");
    }
  }
}
