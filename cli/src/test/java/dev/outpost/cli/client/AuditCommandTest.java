package dev.outpost.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.cli.Typed.Came;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditCommandTest {
  private static final String TWO =
      """
      {"records":[
        {"auditId":"aud_2","at":"2026-11-22T21:20:31Z","by":"operator","act":"update_tenant",
         "about":null,"outcome":"asked","askedId":null},
        {"auditId":"aud_1","at":"2026-11-22T21:20:30Z","by":"key_1","act":"create_dispatch",
         "about":"dsp_1","outcome":"done","askedId":null}],
       "nextCursor":%s,"hasMore":%s}""";

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
  void itIsPrintedAsATableAndSaysThatThereIsMore() {
    Came came = api.says(TWO.formatted("\"b25l\"", "true")).typed(dir).run("audit", "--limit", "2");
    assertThat(came.exit()).isZero();
    assertThat(api.heard().getFirst().uri()).isEqualTo("/audit?limit=2");
    assertThat(came.out().lines().toList())
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).contains("operator", "update_tenant", "-", "asked"))
        .last()
        .asString()
        .contains("2026-11-22T21:20:30Z", "key_1", "create_dispatch", "dsp_1", "done");
    assertThat(came.err()).isEqualTo("there are more: --limit N\n");
  }

  @Test
  void itIsReadPageByPage() {
    Came came =
        api.says(TWO.formatted("\"b25l\"", "true"))
            .says(TWO.formatted("null", "false"))
            .typed(dir)
            .run("audit", "-n", "150");
    assertThat(came.out().lines()).hasSize(5);
    assertThat(came.err()).isEmpty();
    assertThat(api.heard())
        .extracting(ScriptedApi.Heard::uri)
        .containsExactly("/audit?limit=100", "/audit?limit=100&cursor=b25l");
  }

  @Test
  void theDocumentHasTheRecords() {
    Came came = api.says(TWO.formatted("null", "false")).typed(dir).run("audit", "--json");
    assertThat(came.out()).contains("\"records\"", "aud_2", "aud_1");
    assertThat(came.err()).isEmpty();
  }
}
