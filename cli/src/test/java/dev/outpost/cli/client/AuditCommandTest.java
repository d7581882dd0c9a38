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
    assertThat(came.err()).isEqualTo("there is more: --cursor b25l\n");
  }

  @Test
  void itGoesOnWhereAnAnswerEnded() {
    Came came =
        api.says(TWO.formatted("null", "false")).typed(dir).run("audit", "--cursor", "b25l");
    assertThat(api.heard().getFirst().uri()).isEqualTo("/audit?limit=20&cursor=b25l");
    assertThat(came.err()).isEmpty();
  }

  @Test
  void theDocumentIsTheAnswers() {
    Came came = api.says(TWO.formatted("\"b25l\"", "true")).typed(dir).run("audit", "--json");
    assertThat(came.out()).contains("\"nextCursor\"", "b25l", "aud_1");
    assertThat(came.err()).isEmpty();
  }
}
