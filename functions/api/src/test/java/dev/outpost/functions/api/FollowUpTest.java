package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.Spec;
import dev.outpost.run.Artifact;
import dev.outpost.run.RunResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dispatches that continue an earlier one. */
class FollowUpTest {
  private static final String COMMIT = "0123456789012345678901234567890123456789";
  private static final String UNKNOWN = "dsp_00000000000000000000000000";

  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  private Dispatch ended(Optional<String> commit, Artifact... artifacts) {
    Dispatch dispatch =
        installation.accepted(
            "{\"agent\":\"claude\",\"modelId\":\"haiku\",\"repo\":\"a/b\",\"branch\":\"dev\","
                + "\"task\":\"Write the missing test.\"}");
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
                commit,
                1,
                List.of(artifacts))));
    installation.stop(dispatch, 0);
    return dispatch;
  }

  private Dispatch parent() {
    return ended(Optional.of(COMMIT), new Artifact(Artifact.Type.PATCH, 100));
  }

  private static String body(String parent, String more) {
    return "{\"parentId\":\"" + parent + "\",\"task\":\"And now this too.\"" + more + "}";
  }

  private Reply follow(Dispatch parent, String more) {
    return installation.send(Event.post(body(parent.id().value(), more)));
  }

  private Spec spec(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return installation.find((String) reply.data().get("dispatchId")).spec();
  }

  @Test
  void aFollowUpIsForItsParentsAgentWhereThatWorked() {
    Dispatch parent = parent();
    Reply reply = follow(parent, "");
    Spec spec = spec(reply);
    assertThat(spec.parent()).contains(parent.id());
    assertThat(spec.agent()).isEqualTo("claude");
    assertThat(spec.model()).contains("claude-haiku-4-5-20251001");
    assertThat(spec.repo()).contains("a/b");
    assertThat(spec.workspace()).isEqualTo(parent.spec().workspace());
    Reply read = installation.get("/dispatch/" + reply.data().get("dispatchId"));
    assertThat(read.data().get("parentId")).isEqualTo(parent.id().value());
    assertThat(read.data().get("branch")).isEqualTo("dev");
  }

  @Test
  void anotherAgentHasItsOwnModel() {
    Spec spec = spec(follow(parent(), ",\"agent\":\"gemini\""));
    assertThat(spec.agent()).isEqualTo("gemini");
    assertThat(spec.model()).contains("gemini-3-pro-preview");
    assertThat(spec(follow(parent(), ",\"modelId\":\"opus\"")).model())
        .contains("claude-opus-4-5-20251101");
  }

  @Test
  void aGroupMayContinueTogether() {
    Dispatch parent = parent();
    Reply reply = follow(parent, ",\"agent\":[\"claude\",\"gemini\"]");
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    assertThat((List<?>) reply.data().get("dispatches")).hasSize(2);
  }

  @Test
  void theParentsOwnPlaceMayBeNamed() {
    assertThat(
            follow(
                    parent(),
                    ",\"repo\":\"a/b\",\"branch\":\"dev\",\"workspaceInitMode\":\"minimal\"")
                .status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",\"repo\":\"other/one\" | repo | which is a/b",
        ",\"branch\":\"main\" | branch | which is dev",
        ",\"workspaceInitMode\":\"full\" | workspaceInitMode | which is minimal",
        ",\"modelId\":\"nonsense\" | modelId | the agent's models",
        ",\"agent\":\"nobody\" | agent | must be one of"
      })
  void anotherPlaceIsRefused(String more, String path, String told) {
    Reply reply = follow(parent(), more);
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly(path);
    assertThat(reply.body()).contains(told);
    assertThat(installation.stored()).isEqualTo(1);
  }

  @Test
  void anUnknownParentAndAnotherTenantsAnswerAlike() {
    Dispatch parent = parent();
    Reply unknown = installation.send(Event.post(body(UNKNOWN, "")));
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.code()).isEqualTo("NOT_FOUND");
    Reply foreign =
        installation.send(
            Event.post(body(parent.id().value(), ""))
                .authorizer("tenantId", "11111111-2222-3333-4444-555555555555"));
    assertThat(foreign).isEqualTo(unknown);
    assertThat(installation.send(Event.post(body("nonsense", "")))).isEqualTo(unknown);
    assertThat(installation.stored()).isEqualTo(1);
  }

  @Test
  void mistakesAreToldBeforeAParentThatIsNotThere() {
    Reply reply = installation.send(Event.post(body(UNKNOWN, ",\"timeoutSeconds\":1,\"x\":1")));
    assertThat(reply.paths()).containsExactlyInAnyOrder("timeoutSeconds", "x");
    Reply type =
        installation.send(
            Event.post("{\"parentId\":5,\"agent\":\"claude\",\"task\":\"And now this.\"}"));
    assertThat(type.paths()).containsExactly("parentId");
  }

  @Test
  void aParentMustHaveEnded() {
    Dispatch open = installation.accepted();
    Reply reply = follow(open, "");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.code()).isEqualTo("CONFLICT");
    assertThat(reply.body()).contains("it has not ended, its status is pending");
  }

  @Test
  void aParentMustHaveLeftSomethingToGoOnFrom() {
    assertThat(follow(ended(Optional.of(COMMIT)), "").body()).contains("it kept no patch");
    Reply nothing = follow(ended(Optional.empty(), new Artifact(Artifact.Type.PATCH, 0)), "");
    assertThat(nothing.status()).isEqualTo(409);
    assertThat(nothing.body()).contains("neither a commit nor a change");
    assertThat(
            follow(ended(Optional.of(COMMIT), new Artifact(Artifact.Type.PATCH, 0)), "").status())
        .isEqualTo(201);
  }

  @Test
  void aParentThatMayBeRemovedBeforeTheRunIsTooOld() {
    Dispatch parent = parent();
    installation.advance(Dispatch.KEPT.minus(Duration.ofDays(9)));
    assertThat(follow(parent, "").status()).isEqualTo(201);
    installation.advance(Duration.ofDays(2));
    Reply reply = follow(parent, "");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.body()).contains("too old");
  }
}
