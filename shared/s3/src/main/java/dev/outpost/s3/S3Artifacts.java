package dev.outpost.s3;

import dev.outpost.claim.ArtifactStore;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.run.Artifact;
import dev.outpost.run.WorkspaceArchive;
import dev.outpost.workspace.KeptWorkspace;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.time.Duration;
import java.util.Objects;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Artifacts in an S3 bucket, by presigned URLs: computed here, without a call. Safe for use by many
 * threads.
 *
 * <p>A URL is good no longer than the credentials that signed it; a Lambda function's last some
 * hours, which bounds {@code expiresIn} in practice (Amazon S3 User Guide, "Download and upload
 * objects with presigned URLs").
 */
public final class S3Artifacts implements ArtifactStore {
  private static final Duration REMOVAL = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final S3Presigner presigner;
  private final String bucket;

  /** In that bucket. */
  public S3Artifacts(S3Presigner presigner, String bucket) {
    this.presigner = Objects.requireNonNull(presigner, "presigner");
    this.bucket = Objects.requireNonNull(bucket, "bucket");
  }

  @Override
  public String uploadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor) {
    return uploadUrl(ArtifactStore.key(dispatch, type), type.contentType(), validFor);
  }

  @Override
  public String uploadUrl(KeptWorkspace workspace, Duration validFor) {
    return uploadUrl(workspace.archiveKey(), WorkspaceArchive.CONTENT_TYPE, validFor);
  }

  private String uploadUrl(String key, String contentType, Duration validFor) {
    return presigner
        .presignPutObject(
            request ->
                request
                    .signatureDuration(validFor)
                    .putObjectRequest(put -> put.bucket(bucket).key(key).contentType(contentType)))
        .url()
        .toExternalForm();
  }

  @Override
  public String downloadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor) {
    return downloadUrl(ArtifactStore.key(dispatch, type), validFor);
  }

  @Override
  public String downloadUrl(KeptWorkspace workspace, Duration validFor) {
    return downloadUrl(workspace.archiveKey(), validFor);
  }

  private String downloadUrl(String key, Duration validFor) {
    return presigner
        .presignGetObject(
            request ->
                request
                    .signatureDuration(validFor)
                    .getObjectRequest(get -> get.bucket(bucket).key(key)))
        .url()
        .toExternalForm();
  }

  /** By a URL too: one DELETE now and then is not worth a client of S3 in the API's package. */
  @Override
  public void remove(KeptWorkspace workspace) {
    URL url =
        presigner
            .presignDeleteObject(
                request ->
                    request
                        .signatureDuration(REMOVAL)
                        .deleteObjectRequest(
                            delete -> delete.bucket(bucket).key(workspace.archiveKey())))
            .url();
    try {
      HttpURLConnection connection = (HttpURLConnection) url.openConnection();
      connection.setRequestMethod("DELETE");
      connection.setConnectTimeout((int) PATIENCE.toMillis());
      connection.setReadTimeout((int) PATIENCE.toMillis());
      int status = connection.getResponseCode();
      if (status / 100 != 2) {
        throw new IllegalStateException("S3 answered " + status + " to a DELETE");
      }
    } catch (IOException e) {
      // Its message may have the URL, which is a key to the object.
      throw new IllegalStateException("S3 can't be reached: " + e.getClass().getSimpleName());
    }
  }
}
