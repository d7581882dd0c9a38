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

final class ContextCommandTest {
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
  void theDocumentComesFromStandardInput() throws IOException {
    Came came =
        api.says("{\"characters\":17,\"updatedAt\":\"2026-03-01T11:59:48Z\"}")
            .typed(dir)
            .reading("We indent by two.\n")
            .run("context", "set");

    assertThat(came).isEqualTo(new Came(0, "kept 17 characters\n", ""));
    assertThat(api.heard().getFirst().method()).isEqualTo("PUT");
    assertThat(api.heard().getFirst().uri()).isEqualTo("/context");
    assertThat(api.heard().getFirst().json()).isEqualTo(Map.of("text", "We indent by two.\n"));
  }

  @Test
  void anEmptyStandardInputIsNoDocument() {
    Came came = api.typed(dir).reading("\n").run("context", "set");

    assertThat(came.exit()).isEqualTo(2);
    assertThat(came.err()).contains("standard input is empty");
    assertThat(api.heard()).isEmpty();
  }

  @Test
  void theDocumentIsPrintedAsItIs() {
    String answer =
        "{\"characters\":4,\"updatedAt\":\"2026-03-01T11:59:48Z\",\"text\":\"a\\n b\\n\"}";

    assertThat(api.says(answer).typed(dir).run("context", "get"))
        .isEqualTo(new Came(0, "a\n b\n", ""));
    assertThat(api.says(answer).typed(dir).run("context", "get", "--json").out())
        .contains("\"updatedAt\"", "\"text\"");
  }

  @Test
  void theDocumentIsDeleted() {
    Came came = api.says("{\"deleted\":true}").typed(dir).run("context", "delete");

    assertThat(came).isEqualTo(new Came(0, "deleted the document\n", ""));
    assertThat(api.heard().getFirst().method()).isEqualTo("DELETE");
    assertThat(api.heard().getFirst().uri()).isEqualTo("/context");
  }

  @Test
  void withoutACommandItSaysWhichThereAre() {
    Came came = api.typed(dir).run("context");

    assertThat(came.exit()).isEqualTo(2);
    assertThat(came.err()).contains("get, set or delete");
  }
}
