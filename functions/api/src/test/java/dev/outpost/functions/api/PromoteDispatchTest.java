package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.promote.GitServer;
import dev.outpost.run.Artifact;
import dev.outpost.run.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromoteDispatchTest {
  private static final String PATCH =
      """
      diff --git a/README.md b/README.md
      --- a/README.md
      +++ b/README.md
      @@ -3,3 +3,3 @@
       one
      -two
      +zwei
       three
      """;

  @TempDir private Path directory;
  private GitServer server;
  private Installation installation;
  private String base;

  @BeforeEach
  void start() throws IOException {
    server = new GitServer(directory, Installation.GIT_TOKEN);
    base = server.create("owner/name");
    installation = new Installation(server.host());
    installation.objects.put(Artifact.Type.PATCH.fileName(), PATCH);
  }

  @AfterEach
  void stop() {
    installation.close();
    server.close();
  }

  /** A dispatch on the server's repository that has changed a line. */
  private Dispatch ended(long patchBytes) {
    // Requests name https, as they must; what is stored is this server's, which speaks http.
    Dispatch dispatch =
        installation.stored(
            "{\"agent\":\"claude\",\"task\":\"Say two in German.\\nAnd nothing else.\",\"repo\":\"https://"
                + server.host()
                + "/owner/name.git\"}",
            server.url("owner/name"));
    installation.run(dispatch);
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
                Optional.of(base),
                1,
                List.of(new Artifact(Artifact.Type.PATCH, patchBytes)))));
    installation.stop(dispatch, 0);
    return dispatch;
  }

  private static Event event() {
    return Event.of("POST", "/promote").authorizer("scopes", "promote");
  }

  private Reply promote(Dispatch dispatch, String more) {
    return installation.send(
        event().body("{\"dispatchId\":\"" + dispatch.id() + "\"" + more + "}"));
  }

  @Test
  void aChangeBecomesABranchNamedAfterItsDispatch() throws IOException {
    Dispatch dispatch = ended(PATCH.length());
    Reply reply = promote(dispatch, "");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    String branch = "outpost/" + dispatch.id();
    assertThat(reply.data().get("branch")).isEqualTo(branch);
    assertThat(reply.data().get("commit")).isEqualTo(server.in("owner/name", "rev-parse", branch));
    assertThat(reply.data().get("pullRequest")).isNull();
    assertThat(server.in("owner/name", "log", "-1", "--format=%B", branch))
        .isEqualTo("Say two in German.\n\nOutpost-Dispatch: " + dispatch.id());
  }

  @Test
  void askedAgainItFindsWhatItHasDone() {
    Dispatch dispatch = ended(PATCH.length());
    String wish =
        ",\"branch\":\"feature/zwei\",\"createPr\":true,\"title\":\"Zwei\",\"body\":\"Why.\"";
    Reply first = promote(dispatch, wish);
    assertThat(first.data().get("repeated")).isEqualTo(false);
    assertThat(first.data().get("pullRequest"))
        .isEqualTo(Map.of("number", 1, "url", "https://example.com/pull/1"));
    Reply second = promote(dispatch, wish);
    assertThat(second.data().get("repeated")).isEqualTo(true);
    assertThat(second.data().get("commit")).isEqualTo(first.data().get("commit"));
    assertThat(second.data().get("pullRequest")).isEqualTo(first.data().get("pullRequest"));
    assertThat(server.pulls())
        .singleElement()
        .asString()
        .contains("\"head\":\"feature/zwei\"")
        .contains("\"base\":\"main\"")
        .contains("Outpost-Dispatch: " + dispatch.id());
  }

  @Test
  void aBranchOfSomebodyElsesIsAConflict() throws IOException {
    server.in("owner/name", "branch", "taken", base);
    Reply reply = promote(ended(PATCH.length()), ",\"branch\":\"taken\"");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.body()).contains("name another branch");
  }

  @Test
  void whatHasNotEndedCannotBePromoted() {
    Reply reply = promote(installation.accepted(), "");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.body()).contains("pending");
  }

  @Test
  void withoutAChangeThereIsNothingToPromote() {
    Reply reply = promote(ended(0), "");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.body()).contains("has changed nothing");
  }

  @Test
  void aPullRequestThatFailsLeavesTheBranchAndSaysSo() throws IOException {
    server.refuseApi();
    Reply reply = promote(ended(PATCH.length()), ",\"branch\":\"kept\",\"createPr\":true");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(installation.send(Event.admin("GET", "/audit?limit=1")).body())
        .as("it had an effect")
        .contains("\"promote\"", "\"failed\"");
    assertThat(reply.body()).contains("is pushed").contains("Resource not accessible");
    assertThat(server.in("owner/name", "branch", "--list", "kept")).contains("kept");
  }

  @Test
  void anotherTenantsDispatchIsUnknown() {
    Dispatch dispatch = ended(PATCH.length());
    Reply reply =
        installation.send(
            event()
                .authorizer("tenantId", "11111111-2222-3333-4444-555555555555")
                .body("{\"dispatchId\":\"" + dispatch.id() + "\"}"));
    assertThat(reply)
        .isEqualTo(
            installation.send(event().body("{\"dispatchId\":\"dsp_00000000000000000000000000\"}")));
    assertThat(reply.status()).isEqualTo(404);
  }

  @Test
  void itNeedsItsScope() {
    Reply reply =
        installation.send(
            Event.of("POST", "/promote").authorizer("scopes", "dispatch status").body("{}"));
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.body()).contains("promote");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | dispatchId",
        "{\"dispatchId\":5} | dispatchId",
        "{\"dispatchId\":\"dsp_1\",\"branch\":\"-x\"} | branch",
        "{\"dispatchId\":\"dsp_1\",\"branch\":\"a..b\"} | branch",
        "{\"dispatchId\":\"dsp_1\",\"createPr\":\"yes\"} | createPr",
        "{\"dispatchId\":\"dsp_1\",\"title\":\"a\\nb\"} | title",
        "{\"dispatchId\":\"dsp_1\",\"title\":\" \"} | title",
        "{\"dispatchId\":\"dsp_1\",\"body\":5} | body",
        "{\"dispatchId\":\"dsp_1\",\"force\":true} | force"
      })
  void aWrongBodyIsRefused(String body, String path) {
    Reply reply = installation.send(event().body(body));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly(path);
  }
}
