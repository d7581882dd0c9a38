package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.run.RunResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dispatches whose result is wanted as data. */
class OutputSchemaRuleTest {
  private static final String HEAD =
      "{\"agent\":\"claude\",\"task\":\"Count the tests.\",\"outputSchema\":";

  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void theSchemaIsKeptAndTheDataIsShownAtTheEnd() {
    Dispatch dispatch = installation.accepted(HEAD + "{\"type\":\"object\"}}");
    assertThat(dispatch.spec().outputSchema()).contains("{\"type\":\"object\"}");
    String path = "/dispatch/" + dispatch.id();
    installation.run(dispatch);
    installation.dispatches.keepOutput(dispatch, "{\"count\":[1,null,2.5]}");
    assertThat(installation.get(path).data().get("output")).as("not before its end").isNull();
    installation.happens(
        dispatch,
        new DispatchEvent.Finished(
            1,
            installation.now(),
            new RunResult(
                Optional.empty(),
                OptionalInt.of(0),
                "done",
                Optional.empty(),
                Optional.empty(),
                0,
                List.of())));
    installation.stop(dispatch, 0);
    Map<?, ?> output = (Map<?, ?>) installation.get(path).data().get("output");
    assertThat(output.toString()).isEqualTo("{count=[1, null, 2.5]}");
  }

  @Test
  void aFailureShowsNoData() {
    Dispatch dispatch = installation.accepted(HEAD + "{}}");
    installation.run(dispatch);
    installation.dispatches.keepOutput(dispatch, "{}");
    installation.stop(dispatch, 1);
    assertThat(installation.get("/dispatch/" + dispatch.id()).data().get("output")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | outputSchema | must be an object, not a list",
        "true | outputSchema | must be an object",
        "{\"type\":\"objekt\"} | outputSchema/type | ",
        "{\"$ref\":\"https://example.org/x\"} | outputSchema/$ref | nothing is fetched",
        "{\"minimum\":1e999} | outputSchema | is no usable JSON Schema"
      })
  void aWrongSchemaIsToldWithItsPlaceAndNothingIsStored(String json, String path, String told) {
    Reply reply = installation.send(Event.post(HEAD + json + "}"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.paths()).as(reply.body()).contains(path);
    assertThat(reply.body()).contains(told == null ? "" : told);
    assertThat(installation.stored()).isZero();
  }

  @Test
  void aSchemaIsBounded() {
    String json = "{\"description\":\"" + "x".repeat(16 * 1024) + "\"}";
    Reply reply = installation.send(Event.post(HEAD + json + "}"));
    assertThat(reply.paths()).containsExactly("outputSchema");
    assertThat(reply.body()).contains("must have at most 16384 bytes");
  }

  @Test
  void anExplicitNullWantsNoData() {
    assertThat(installation.accepted(HEAD + "null}").spec().outputSchema()).isEmpty();
  }
}
