package dev.outpost.claim;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.run.Artifact;
import dev.outpost.workspace.KeptWorkspace;
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

  /** A URL for one HTTP PUT of a persistent workspace's archive. */
  String uploadUrl(KeptWorkspace workspace, Duration validFor);

  /** A URL for HTTP GETs of a persistent workspace's archive. */
  String downloadUrl(KeptWorkspace workspace, Duration validFor);

  /**
   * Removes a persistent workspace's archive, if there is one. May throw an unchecked exception;
   * then it stays until the store expires it.
   */
  void remove(KeptWorkspace workspace);

  /** The artifact's key in the store: by tenant, then dispatch, then file name. */
  static String key(Dispatch dispatch, Artifact.Type type) {
    return dispatch.tenantId().value() + "/" + dispatch.id().value() + "/" + type.fileName();
  }
}
