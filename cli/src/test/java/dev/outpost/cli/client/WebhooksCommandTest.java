package dev.outpost.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.cli.Typed.Came;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhooksCommandTest {
  private static final String ID = "whk_01KANWJ0M8Q2Z5Y7X3C9D4E6FG";
  private static final String DELIVERY = "msg_01KANWJ0M8Q2Z5Y7X3C9D4E6FH";
  private static final String SHOWN =
      "{\"deliveryId\":\""
          + DELIVERY
          + "\",\"dispatchId\":\"dsp_1\",\"status\":\"success\",\"version\":5,\"state\":\"waiting\","
          + "\"attempt\":2,\"nextAttemptAt\":\"2026-03-01T11:59:48.000Z\",\"lastStatus\":503,"
          + "\"lastError\":null,\"lastAttemptAt\":\"2026-03-01T11:54:48.000Z\"}";

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
  void oneIsAddedAndItsSecretShown() throws IOException {
    Came came =
        api.says(
                "{\"webhookId\":\""
                    + ID
                    + "\",\"url\":\"https://example.com/\",\"secret\":\"whsec_x\"}")
            .typed(dir)
            .run("webhooks", "add", "https://example.com/");

    assertThat(came).isEqualTo(new Came(0, "webhook  " + ID + "\nsecret   whsec_x\n", ""));
    assertThat(api.heard().getFirst().method()).isEqualTo("POST");
    assertThat(api.heard().getFirst().uri()).isEqualTo("/webhooks");
    assertThat(api.heard().getFirst().json()).isEqualTo(Map.of("url", "https://example.com/"));
  }

  @Test
  void ofWhatItIsToldCanBeNamed() throws IOException {
    api.says("{\"webhookId\":\"" + ID + "\",\"secret\":\"whsec_x\"}")
        .typed(dir)
        .run(
            "webhooks",
            "add",
            "https://example.com/",
            "--status",
            "running,failed",
            "--status",
            "timeout");

    assertThat(api.heard().getFirst().json())
        .isEqualTo(
            Map.of(
                "url",
                "https://example.com/",
                "statuses",
                List.of("running", "failed", "timeout")));
  }

  @Test
  void aLostAnswerIsToldForAskedAgainItWouldMakeAnother() {
    Came came = api.hangsUp().hangsUp().typed(dir).run("webhooks", "add", "https://example.com/");

    assertThat(came.exit()).isEqualTo(4);
    // The JDK's client sends a POST again unless its process was told not to, as a command's is.
    assertThat(api.heard()).hasSizeBetween(1, 2);
  }

  @Test
  void webhooksAreListed() {
    Came came =
        api.says(
                "{\"webhooks\":[{\"webhookId\":\""
                    + ID
                    + "\",\"url\":\"https://example.com/\",\"statuses\":[\"success\",\"failed\"],"
                    + "\"enabled\":false,\"createdAt\":\"2026-03-01T11:59:48.000Z\"}]}")
            .typed(dir)
            .run("webhooks", "list");

    assertThat(came.exit()).isZero();
    assertThat(came.out().lines())
        .hasSize(2)
        .last()
        .isEqualTo(ID + "  no    success,failed  2026-03-01T11:59:48.000Z  https://example.com/");
    assertThat(api.heard().getFirst().uri()).isEqualTo("/webhooks");
  }

  @Test
  void oneIsRemoved() {
    Came came =
        api.says("{\"webhookId\":\"" + ID + "\",\"deleted\":true}")
            .typed(dir)
            .run("webhooks", "remove", ID);

    assertThat(came).isEqualTo(new Came(0, "removed " + ID + "\n", ""));
    assertThat(api.heard().getFirst().method()).isEqualTo("DELETE");
    assertThat(api.heard().getFirst().uri()).isEqualTo("/webhooks/" + ID);
  }

  @Test
  void aNewSecretIsShownAndUntilWhenTheOldOneSigns() {
    Came came =
        api.says(
                "{\"webhookId\":\""
                    + ID
                    + "\",\"secret\":\"whsec_y\",\"previousUntil\":\"2026-03-02T11:59:48.000Z\"}")
            .typed(dir)
            .run("webhooks", "rotate", ID);

    assertThat(came.exit()).isZero();
    assertThat(came.out()).contains("whsec_y", "2026-03-02T11:59:48.000Z");
    assertThat(api.heard().getFirst().method()).isEqualTo("POST");
    assertThat(api.heard().getFirst().uri()).isEqualTo("/webhooks/" + ID + "/rotate");
  }

  @Test
  void oneIsEnabled() {
    Came came =
        api.says("{\"webhookId\":\"" + ID + "\",\"enabled\":true}")
            .typed(dir)
            .run("webhooks", "enable", ID);

    assertThat(came).isEqualTo(new Came(0, "enabled " + ID + "\n", ""));
    assertThat(api.heard().getFirst().uri()).isEqualTo("/webhooks/" + ID + "/enable");
  }

  @Test
  void deliveriesAreListedPageByPage() {
    Came came =
        api.says("{\"deliveries\":[" + SHOWN + "],\"nextCursor\":\"abc\",\"hasMore\":true}")
            .says("{\"deliveries\":[" + SHOWN + "],\"nextCursor\":\"def\",\"hasMore\":true}")
            .typed(dir)
            .run("webhooks", "deliveries", ID, "-n", "2");

    assertThat(came.exit()).isZero();
    assertThat(came.out().lines())
        .hasSize(3)
        .last()
        .asString()
        .contains(DELIVERY, "dsp_1", "success", "waiting", "2", "503", "2026-03-01T11:59:48.000Z");
    assertThat(came.err()).contains("there are more");
    assertThat(api.heard())
        .extracting(ScriptedApi.Heard::uri)
        .containsExactly(
            "/webhooks/" + ID + "/deliveries?limit=2",
            "/webhooks/" + ID + "/deliveries?limit=1&cursor=abc");
  }

  @Test
  void noDeliveriesAreNotAskedFor() {
    Came came = api.typed(dir).run("webhooks", "deliveries", ID, "-n", "0");

    assertThat(came.exit()).isEqualTo(2);
    assertThat(api.heard()).isEmpty();
  }

  @Test
  void aDeliveryIsReplayed() throws IOException {
    Came came =
        api.says(202, "{\"success\":true,\"data\":" + SHOWN + "}")
            .typed(dir)
            .run("webhooks", "replay", ID, DELIVERY);

    assertThat(came).isEqualTo(new Came(0, DELIVERY + " is on its way again\n", ""));
    assertThat(api.heard().getFirst().uri()).isEqualTo("/webhooks/" + ID + "/replay");
    assertThat(api.heard().getFirst().json()).isEqualTo(Map.of("deliveryId", DELIVERY));
  }

  @Test
  void whatIsRefusedIsToldInTheApisWords() {
    Came came =
        api.says(
                404,
                "{\"success\":false,\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"There is no such"
                    + " webhook.\"}}")
            .typed(dir)
            .run("webhooks", "remove", ID);

    assertThat(came.exit()).isEqualTo(3);
    assertThat(came.err()).contains("There is no such webhook.");
  }

  @Test
  void withoutACommandThoseThereAreAreTold() {
    Came came = api.typed(dir).run("webhooks");

    assertThat(came.exit()).isEqualTo(2);
    assertThat(came.err()).contains("add, list, remove, rotate, enable, deliveries or replay");
  }
}
