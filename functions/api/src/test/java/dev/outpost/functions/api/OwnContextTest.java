package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.edge.Json;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnContextTest {
  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  /** Sends it with an administrator's key. */
  private Reply send(Event event) {
    return installation.send(event.authorizer("scopes", "admin"));
  }

  private Reply put(Object text) {
    return send(Event.of("PUT", "/context").body(Json.text(Map.of("text", text))));
  }

  @Test
  void aDocumentIsSetReadAndRemoved() {
    assertThat(send(Event.of("GET", "/context")).status()).isEqualTo(404);
    Reply put = put("We write British English.\n");
    assertThat(put.status()).isEqualTo(200);
    assertThat(put.data())
        .isEqualTo(Map.of("characters", 26, "updatedAt", "2026-11-22T21:20:30.123Z"));
    assertThat(send(Event.of("GET", "/context")).data())
        .isEqualTo(
            Map.of(
                "characters",
                26,
                "updatedAt",
                "2026-11-22T21:20:30.123Z",
                "text",
                "We write British English.\n"));
    assertThat(send(Event.of("DELETE", "/context")).data()).isEqualTo(Map.of("deleted", true));
    assertThat(send(Event.of("DELETE", "/context")).status()).isEqualTo(404);
  }

  @Test
  void itMayHaveTwentyThousandCharactersOfAnyAlphabet() {
    assertThat(put("\uD83D\uDC27".repeat(20_000)).status()).isEqualTo(200);
    Reply tooLong = put("x".repeat(20_001));
    assertThat(tooLong.status()).isEqualTo(400);
    assertThat(tooLong.body()).contains("must have 1 to 20000 characters; it has 20001");
    assertThat(send(Event.of("GET", "/context")).data().get("characters")).isEqualTo(20_000);
  }

  @Test
  void whatIsNoTextIsRefused() {
    assertThat(put(" \n ").status()).isEqualTo(400);
    assertThat(put(7).status()).isEqualTo(400);
    assertThat(put("a\u0000b").status()).isEqualTo(400);
    assertThat(send(Event.of("PUT", "/context").body("{}")).status()).isEqualTo(400);
    assertThat(send(Event.of("GET", "/context")).status()).isEqualTo(404);
  }

  @Test
  void anotherTenantSeesNothingOfIt() {
    put("We write British English.");
    assertThat(
            send(Event.of("GET", "/context")
                    .authorizer("tenantId", "00000000-1111-2222-3333-444444444444"))
                .status())
        .isEqualTo(404);
  }
}
