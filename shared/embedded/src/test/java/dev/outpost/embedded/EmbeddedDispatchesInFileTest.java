package dev.outpost.embedded;

import dev.outpost.audit.AuditTrail;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.DispatchesContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDispatchesInFileTest extends DispatchesContract {
  private EmbeddedStore store;
  private Dispatches dispatches;

  @BeforeAll
  void open(@TempDir Path folder) {
    store = EmbeddedStore.open(folder.resolve("outpost.mv"));
    dispatches = new EmbeddedDispatches(store, new EmbeddedStream(store));
  }

  @AfterAll
  void close() {
    store.close();
  }

  @Override
  public Dispatches dispatches() {
    return dispatches;
  }

  @Override
  public AuditTrail audit() {
    return new EmbeddedAuditTrail(store);
  }
}
