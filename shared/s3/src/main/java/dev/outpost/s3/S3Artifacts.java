package dev.outpost.s3;

import dev.outpost.claim.ArtifactStore;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.run.Artifact;
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
  private final S3Presigner presigner;
  private final String bucket;

  /** In that bucket. */
  public S3Artifacts(S3Presigner presigner, String bucket) {
    this.presigner = Objects.requireNonNull(presigner, "presigner");
    this.bucket = Objects.requireNonNull(bucket, "bucket");
  }

  @Override
  public String uploadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor) {
    return presigner
        .presignPutObject(
            request ->
                request
                    .signatureDuration(validFor)
                    .putObjectRequest(
                        put ->
                            put.bucket(bucket)
                                .key(ArtifactStore.key(dispatch, type))
                                .contentType(type.contentType())))
        .url()
        .toExternalForm();
  }

  @Override
  public String downloadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor) {
    return presigner
        .presignGetObject(
            request ->
                request
                    .signatureDuration(validFor)
                    .getObjectRequest(
                        get -> get.bucket(bucket).key(ArtifactStore.key(dispatch, type))))
        .url()
        .toExternalForm();
  }
}
