package dev.outpost.machine;

import dev.outpost.embedded.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;

/** As {@code outpost up} runs it. */
class EmbeddedEndToEndIT extends EndToEndContract {
  @Override
  Backend backend() throws IOException {
    return new EmbeddedBackend(
        EmbeddedStore.open(Files.createTempDirectory("outpost-e2e").resolve("outpost.mv")),
        InstantSource.system());
  }
}
