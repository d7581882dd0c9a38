package dev.outpost.claim;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.run.Artifact;
import java.time.Duration;

/**
 * Where runs leave their artifacts: nothing of them passes through the control plane but URLs that
 * are good for one object and a short while. Safe for use by many threads.
 */
public interface ArtifactStore {
  /** A URL for one HTTP PUT of that artifact. */
  String uploadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor);

  /** A URL for HTTP GETs of that artifact. */
  String downloadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor);

  /** The artifact's key in the store: by tenant, then dispatch, then file name. */
  static String key(Dispatch dispatch, Artifact.Type type) {
    return dispatch.tenantId().value() + "/" + dispatch.id().value() + "/" + type.fileName();
  }
}
