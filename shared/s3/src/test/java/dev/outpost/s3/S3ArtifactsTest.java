package dev.outpost.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Spec;
import dev.outpost.run.Artifact;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

class S3ArtifactsTest {
  private static final TenantId TENANT = TenantId.random();
  private static final DispatchId ID = new DispatchId("dsp_01ARYZ6S41TSV4RRFFQ69G5FAV");

  private final Dispatch dispatch =
      Dispatch.accepted(
          ID,
          TENANT,
          new Spec(
              "script",
              Optional.empty(),
              "echo hello",
              Optional.empty(),
              new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.FULL),
              Optional.empty(),
              Duration.ofMinutes(1),
              Optional.empty(),
              Map.of(),
              Optional.empty()),
          Instant.EPOCH);

  private static URI sign(boolean upload, Dispatch dispatch) {
    try (S3Presigner presigner =
        S3Presigner.builder()
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
            .build()) {
      S3Artifacts artifacts = new S3Artifacts(presigner, "bucket");
      return URI.create(
          upload
              ? artifacts.uploadUrl(dispatch, Artifact.Type.PATCH, Duration.ofMinutes(15))
              : artifacts.downloadUrl(dispatch, Artifact.Type.LOG, Duration.ofSeconds(90)));
    }
  }

  @Test
  void anUploadIsForOneObjectOfOneTypeAndAShortWhile() {
    URI url = sign(true, dispatch);
    assertThat(url.getScheme()).isEqualTo("https");
    assertThat(url.getHost()).startsWith("bucket.s3");
    assertThat(url.getPath()).isEqualTo("/" + TENANT.value() + "/" + ID.value() + "/changes.patch");
    assertThat(url.getQuery())
        .contains("X-Amz-Expires=900")
        .contains("X-Amz-SignedHeaders=content-type;host");
  }

  @Test
  void aDownloadLastsAsLongAsAskedFor() {
    URI url = sign(false, dispatch);
    assertThat(url.getPath()).endsWith("/execution.log");
    assertThat(url.getQuery()).contains("X-Amz-Expires=90");
  }
}
