package dev.outpost.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.tenant.SecretName;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.TenantSecrets;
import dev.outpost.tenant.TenantSecretsContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedTenantSecretsInFileTest extends TenantSecretsContract {
  private static final SecretName NAME = new SecretName("A_KEY");

  @TempDir private Path directory;
  private TenantSecrets secrets;

  @BeforeAll
  void open(@TempDir Path shared) throws IOException {
    secrets = EmbeddedTenantSecrets.inFile(shared.resolve("secrets.json"));
  }

  @Override
  protected TenantSecrets secrets() {
    return secrets;
  }

  @Test
  void theFileIsItsOwnersAloneAndOutlivesTheProcess() throws IOException {
    Path file = directory.resolve("secrets.json");
    TenantId tenant = TenantId.random();
    EmbeddedTenantSecrets.inFile(file).put(tenant, NAME, "the value of it", Instant.EPOCH);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(EmbeddedTenantSecrets.inFile(file).of(tenant).value("A_KEY"))
        .contains("the value of it");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void whatCannotBeWrittenIsNotRemembered() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("gone"));
    TenantSecrets there = EmbeddedTenantSecrets.inFile(folder.resolve("secrets.json"));
    Files.delete(folder);
    TenantId tenant = TenantId.random();
    assertThatThrownBy(() -> there.put(tenant, NAME, "the value of it", Instant.EPOCH))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageNotContaining("the value");
    assertThat(there.list(tenant)).isEmpty();
  }

  @Test
  void aBrokenFileIsNeverQuoted() throws IOException {
    Path file = Files.writeString(directory.resolve("broken.json"), "{\"t\":{\"A\":\"hunter2");
    assertThatThrownBy(() -> EmbeddedTenantSecrets.inFile(file))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }
}
