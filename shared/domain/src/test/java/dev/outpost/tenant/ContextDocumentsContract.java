package dev.outpost.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every implementation of {@link ContextDocuments} does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ContextDocumentsContract {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00.123456789Z");

  /** The port under test; the same store each time. */
  protected abstract ContextDocuments documents();

  @Test
  void aDocumentIsFoundAsItWasSet() {
    TenantId tenant = TenantId.random();
    // As large as it may be, of the characters that take most room.
    ContextDocument document =
        new ContextDocument("\uD83D\uDC27".repeat(ContextDocument.MAX_CHARACTERS), T0);
    documents().put(tenant, document);
    assertThat(documents().find(tenant)).contains(document);
  }

  @Test
  void theLastOneCounts() {
    TenantId tenant = TenantId.random();
    documents().put(tenant, new ContextDocument("Use tabs.", T0));
    documents().put(tenant, new ContextDocument("Use spaces.", T0.plusSeconds(1)));
    assertThat(documents().find(tenant))
        .contains(new ContextDocument("Use spaces.", T0.plusSeconds(1)));
  }

  @Test
  void aRemovedOneIsGoneAndWasThere() {
    TenantId tenant = TenantId.random();
    documents().put(tenant, new ContextDocument("Use tabs.", T0));
    assertThat(documents().remove(tenant)).isTrue();
    assertThat(documents().find(tenant)).isEmpty();
    assertThat(documents().remove(tenant)).isFalse();
  }

  @Test
  void anotherTenantsIsNotFound() {
    documents().put(TenantId.random(), new ContextDocument("Use tabs.", T0));
    assertThat(documents().find(TenantId.random())).isEmpty();
  }
}
