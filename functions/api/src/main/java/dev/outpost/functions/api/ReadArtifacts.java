package dev.outpost.functions.api;

import dev.outpost.claim.ArtifactStore;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Watch;
import dev.outpost.edge.Refused;
import dev.outpost.edge.WireTime;
import dev.outpost.run.Artifact;
import dev.outpost.run.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** {@code GET /artifacts/{id}}: where to fetch what a dispatch's run has left. */
final class ReadArtifacts implements Endpoint {
  private static final int MIN_SECONDS = 60;
  private static final int MAX_SECONDS = 86_400;
  private static final int USUAL_SECONDS = 3600;

  private final Watch watch;
  private final ArtifactStore store;
  private final InstantSource clock;

  ReadArtifacts(Watch watch, ArtifactStore store, InstantSource clock) {
    this.watch = Objects.requireNonNull(watch, "watch");
    this.store = Objects.requireNonNull(store, "store");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public Answer answer(Call call) throws Refused {
    Query query = new Query(call.request());
    Duration validFor =
        Duration.ofSeconds(query.number("expiresIn", MIN_SECONDS, MAX_SECONDS, USUAL_SECONDS));
    query.done();
    Dispatch dispatch =
        watch.find(call.principal(), call.dispatchId()).orElseThrow(Call::noSuchDispatch);
    Instant expiresAt = clock.instant().plus(validFor);
    List<Map<String, Object>> shown = new ArrayList<>();
    for (Artifact artifact : dispatch.state().told().map(RunResult::artifacts).orElse(List.of())) {
      shown.add(shown(dispatch, artifact, validFor, expiresAt));
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("dispatchId", dispatch.id().value());
    data.put("status", dispatch.status().wire());
    data.put("artifacts", shown);
    return Answer.ok(data);
  }

  private Map<String, Object> shown(
      Dispatch dispatch, Artifact artifact, Duration validFor, Instant expiresAt) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("type", artifact.type().name().toLowerCase(Locale.ROOT));
    shown.put("key", ArtifactStore.key(dispatch, artifact.type()));
    shown.put("url", store.downloadUrl(dispatch, artifact.type(), validFor));
    shown.put("expiresAt", WireTime.of(expiresAt));
    shown.put("sizeBytes", artifact.sizeBytes());
    shown.put("contentType", artifact.type().contentType());
    return shown;
  }
}
