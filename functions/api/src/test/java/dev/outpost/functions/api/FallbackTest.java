package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agents that stand by. */
class FallbackTest {
  private static final String HEAD = "{\"agent\":\"claude\",\"task\":\"Write the missing test.\"";

  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  private Dispatch failed(Cause cause) {
    Dispatch dispatch = installation.accepted(HEAD + ",\"fallback\":[\"gemini\",\"grok\"]}");
    installation.happens(
        dispatch,
        new DispatchEvent.StopAsked(installation.now(), new Failure(cause, "It failed.")));
    return installation.find(dispatch.id().value());
  }

  @Test
  void whoStandsByIsKeptAndShown() {
    Dispatch dispatch = installation.accepted(HEAD + ",\"fallback\":[\"gemini\",\"grok\"]}");
    assertThat(dispatch.spec().fallback()).containsExactly("gemini", "grok");
    Reply reply = installation.get("/dispatch/" + dispatch.id());
    assertThat(reply.data().get("fallback")).isEqualTo(List.of("gemini", "grok"));
    assertThat(reply.data().get("fallbackId")).isNull();
    assertThat(reply.data().get("retryOf")).isNull();
    assertThat(installation.accepted(HEAD + ",\"fallback\":null}").spec().fallback()).isEmpty();
    assertThat(installation.accepted(HEAD + ",\"fallback\":[]}").spec().fallback()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"agent\":\"claude\",\"fallback\":\"grok\" | fallback | must be a list",
        "\"agent\":\"claude\",\"fallback\":[\"claude\"] | fallback | is tried first",
        "\"agent\":\"claude\",\"fallback\":[\"grok\",\"grok\"] | fallback[1] | again",
        "\"agent\":\"claude\",\"fallback\":[\"nobody\"] | fallback[0] | must be one of",
        "\"agent\":\"claude\",\"fallback\":[\"script\"] | fallback[0] | is not enabled",
        "\"agent\":\"claude\",\"fallback\":[1] | fallback[0] | must be a string",
        "\"agent\":[\"claude\",\"grok\"],\"fallback\":[\"gemini\"] | fallback | no meaning"
      })
  void aWrongListIsNamedAndNothingIsStored(String fields, String path, String told) {
    Reply reply =
        installation.send(Event.post("{" + fields + ",\"task\":\"Write the missing test.\"}"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly(path);
    assertThat(reply.body()).contains(told);
    assertThat(installation.stored()).isZero();
  }

  @Test
  void whoStandsByMustBeAvailableToo() {
    Reply reply = installation.send(Event.post(HEAD + ",\"fallback\":[\"codex\"]}"));
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.body()).contains("OPENAI_API_KEY");
    assertThat(installation.stored()).isZero();
  }

  @Test
  void theIdOfWhatFollowsIsToldAtOnceAndLaterOnlyIfItCameAbout() {
    Dispatch ended = failed(Cause.RATE_LIMITED);
    String next = ended.fallbackId().orElseThrow().value();
    String path = "/dispatch/" + ended.id();
    assertThat(installation.get(path).data().get("fallbackId")).isEqualTo(next);
    installation.advance(Duration.ofMinutes(2));
    assertThat(installation.get(path).data().get("fallbackId")).as("the day was used up").isNull();

    Dispatch child =
        ended
            .handedTo(dev.outpost.edge.CatalogueFile.packaged().find("gemini").orElseThrow())
            .orElseThrow();
    installation.dispatches.admit(child, 100, Optional.empty());
    assertThat(installation.get(path).data().get("fallbackId")).isEqualTo(next);
    Reply read = installation.get("/dispatch/" + next);
    assertThat(read.data().get("retryOf")).isEqualTo(ended.id().value());
    assertThat(read.data().get("agent")).isEqualTo("gemini");
    assertThat(read.data().get("fallback")).isEqualTo(List.of("grok"));
  }

  @Test
  void nothingFollowsOnWhatIsNotRetryable() {
    Dispatch ended = failed(Cause.MODEL_AUTH);
    assertThat(installation.get("/dispatch/" + ended.id()).data().get("fallbackId")).isNull();
  }
}
