package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.run.Artifact;
import dev.outpost.run.RunResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadArtifactsTest {
  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void whatARunHasLeftCanBeFetched() {
    Dispatch dispatch = finished();
    Map<?, ?> data = installation.get("/artifacts/" + dispatch.id() + "?expiresIn=60").data();
    assertThat(data.keySet().toString()).isEqualTo("[dispatchId, status, artifacts]");
    assertThat(data.get("status")).isEqualTo("success");
    List<?> artifacts = (List<?>) data.get("artifacts");
    assertThat(artifacts).hasSize(4);
    Map<?, ?> patch = (Map<?, ?>) artifacts.get(1);
    assertThat(patch.keySet().toString())
        .isEqualTo("[type, key, url, expiresAt, sizeBytes, contentType]");
    assertThat(patch.get("type")).isEqualTo("patch");
    assertThat(patch.get("key"))
        .isEqualTo(Installation.TENANT + "/" + dispatch.id() + "/changes.patch");
    assertThat((String) patch.get("url"))
        .startsWith("https://outpost-artifacts.s3.eu-central-1.amazonaws.com/")
        .contains("/changes.patch?")
        .contains("X-Amz-Expires=60");
    assertThat(patch.get("expiresAt")).isEqualTo("2026-11-22T21:21:30.123Z");
    assertThat(patch.get("sizeBytes")).isEqualTo(1);
    assertThat(patch.get("contentType")).isEqualTo("text/x-diff");
    assertThat(artifacts.stream().<Object>map(a -> ((Map<?, ?>) a).get("type")).toList())
        .isEqualTo(List.of("result", "patch", "log", "metadata"));
  }

  @Test
  void anUrlIsGoodForAnHourUnlessAskedOtherwise() {
    assertThat(installation.get("/artifacts/" + finished().id()).body())
        .contains("X-Amz-Expires=3600")
        .contains("\"expiresAt\":\"2026-11-22T22:20:30.123Z\"");
  }

  @Test
  void beforeItsEndADispatchHasLeftNothing() {
    Dispatch dispatch = installation.accepted();
    assertThat(installation.get("/artifacts/" + dispatch.id()).data().get("artifacts"))
        .isEqualTo(List.of());
    installation.run(dispatch);
    assertThat(installation.get("/artifacts/" + dispatch.id()).data().get("artifacts"))
        .isEqualTo(List.of());
  }

  @Test
  void anotherTenantsArtifactsAreUnknown() {
    Reply reply =
        installation.send(
            Event.of("GET", "/artifacts/" + finished().id())
                .authorizer("tenantId", "11111111-2222-3333-4444-555555555555"));
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply).isEqualTo(installation.get("/artifacts/nonsense"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"expiresIn=59", "expiresIn=86401", "expiresIn=1h", "expires=60"})
  void aWrongParameterIsNamed(String query) {
    Reply reply = installation.get("/artifacts/" + finished().id() + "?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly(query.substring(0, query.indexOf('=')));
  }

  private Dispatch finished() {
    Dispatch dispatch = installation.accepted();
    installation.run(dispatch);
    List<Artifact> artifacts =
        List.of(
            new Artifact(Artifact.Type.RESULT, 0),
            new Artifact(Artifact.Type.PATCH, 1),
            new Artifact(Artifact.Type.LOG, 2),
            new Artifact(Artifact.Type.METADATA, 3));
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
                1,
                artifacts)));
    installation.stop(dispatch, 0);
    return dispatch;
  }
}
