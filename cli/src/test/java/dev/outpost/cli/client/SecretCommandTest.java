package dev.outpost.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.cli.Typed.Came;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretCommandTest {
  @TempDir private Path dir;
  private ScriptedApi api;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void theValueComesFromStandardInputAndIsNotPrinted() throws IOException {
    Came came =
        api.says("{\"name\":\"NPM_TOKEN\",\"updatedAt\":\"2026-03-01T11:59:48Z\"}")
            .typed(dir)
            .reading("hunter2-of-mine\n")
            .run("secret", "set", "NPM_TOKEN");

    assertThat(came).isEqualTo(new Came(0, "kept NPM_TOKEN\n", ""));
    assertThat(api.heard().getFirst().method()).isEqualTo("PUT");
    assertThat(api.heard().getFirst().uri()).isEqualTo("/secrets/NPM_TOKEN");
    assertThat(api.heard().getFirst().json()).isEqualTo(Map.of("value", "hunter2-of-mine"));
  }

  @Test
  void anEmptyStandardInputIsNoSecret() {
    Came came = api.typed(dir).reading("\n").run("secret", "set", "NPM_TOKEN");

    assertThat(came.exit()).isEqualTo(2);
    assertThat(came.err()).contains("standard input is empty");
    assertThat(api.heard()).isEmpty();
  }

  @Test
  void aValueOnTheCommandLineIsRefused() {
    Came came = api.typed(dir).reading("x").run("secret", "set", "NPM_TOKEN", "hunter2-of-mine");

    assertThat(came.exit()).isEqualTo(2);
    assertThat(api.heard()).isEmpty();
  }

  @Test
  void theNamesAreListed() {
    Came came =
        api.says("{\"secrets\":[{\"name\":\"NPM_TOKEN\",\"updatedAt\":\"2026-03-01T11:59:48Z\"}]}")
            .typed(dir)
            .run("secret", "list");

    assertThat(came)
        .isEqualTo(new Came(0, "NAME       SET\nNPM_TOKEN  2026-03-01T11:59:48Z\n", ""));
  }

  @Test
  void aSecretIsDeletedByItsName() {
    Came came =
        api.says("{\"name\":\"NPM_TOKEN\",\"deleted\":true}")
            .typed(dir)
            .run("secret", "delete", "NPM_TOKEN");

    assertThat(came).isEqualTo(new Came(0, "deleted NPM_TOKEN\n", ""));
    assertThat(api.heard().getFirst().method()).isEqualTo("DELETE");
    assertThat(api.heard().getFirst().uri()).isEqualTo("/secrets/NPM_TOKEN");
  }
}
