package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CancelDispatchTest {
  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void aWaitingDispatchIsCancelledAtOnce() {
    Dispatch dispatch = installation.accepted();
    Reply reply = installation.send(delete(dispatch).body("{\"reason\":\"changed my mind\"}"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.data().keySet().toString()).isEqualTo("[dispatchId, status, message]");
    assertThat(reply.data().get("status")).isEqualTo("cancelled");
    assertThat(installation.get("/dispatch/" + dispatch.id()).data().get("errorMessage"))
        .isEqualTo("Cancelled: changed my mind");
  }

  @Test
  void aRunningDispatchIsCancelledOnceItsTaskHasStopped() {
    Dispatch dispatch = installation.accepted();
    installation.run(dispatch);
    Reply reply = installation.send(delete(dispatch));
    assertThat(reply.data().get("status")).isEqualTo("completing");
    assertThat((String) reply.data().get("message")).contains("as soon as its task has stopped");
    assertThat(installation.send(delete(dispatch)).status()).as("asked twice").isEqualTo(200);
    installation.stop(dispatch, 0);
    assertThat(installation.get("/dispatch/" + dispatch.id()).data().get("status"))
        .isEqualTo("cancelled");
  }

  @Test
  void whatHasEndedCannotBeCancelled() {
    Dispatch dispatch = installation.accepted();
    installation.send(delete(dispatch));
    Reply reply = installation.send(delete(dispatch));
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.code()).isEqualTo("CONFLICT");
  }

  @Test
  void whoseEndIsDecidedOtherwiseCannotBeCancelled() {
    Dispatch dispatch = installation.accepted();
    installation.run(dispatch);
    installation.happens(
        dispatch,
        new DispatchEvent.StopAsked(
            installation.now(), new Failure(Cause.TIMEOUT, "The time is up.")));
    Reply reply = installation.send(delete(dispatch));
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.body()).contains("The time is up.");
  }

  @Test
  void anotherTenantsDispatchIsUnknownAndGoesOn() {
    Dispatch dispatch = installation.accepted();
    Reply reply =
        installation.send(
            delete(dispatch).authorizer("tenantId", "11111111-2222-3333-4444-555555555555"));
    assertThat(reply)
        .isEqualTo(
            installation.send(Event.of("DELETE", "/dispatch/dsp_00000000000000000000000000")));
    assertThat(reply.status()).isEqualTo(404);
    assertThat(installation.find(dispatch.id().value())).isEqualTo(dispatch);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"reason\":5} | reason",
        "{\"reason\":\"a\\u0000b\"} | reason",
        "{\"reason\":\"half \\ud800\"} | reason",
        "{\"because\":\"x\"} | because",
        "[] | ''",
        "{ | ''"
      })
  void aWrongBodyIsRefusedAndTheDispatchGoesOn(String body, String path) {
    Dispatch dispatch = installation.accepted();
    Reply reply = installation.send(delete(dispatch).body(body));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly(path);
    assertThat(installation.find(dispatch.id().value())).isEqualTo(dispatch);
  }

  @Test
  void aReasonIsBounded() {
    Dispatch dispatch = installation.accepted();
    String body = "{\"reason\":\"" + "x".repeat(201) + "\"}";
    assertThat(installation.send(delete(dispatch).body(body)).paths()).containsExactly("reason");
  }

  @Test
  void anExplicitNullIsNoReason() {
    Dispatch dispatch = installation.accepted();
    assertThat(installation.send(delete(dispatch).body("{\"reason\":null}")).status())
        .isEqualTo(200);
  }

  private static Event delete(Dispatch dispatch) {
    return Event.of("DELETE", "/dispatch/" + dispatch.id());
  }
}
