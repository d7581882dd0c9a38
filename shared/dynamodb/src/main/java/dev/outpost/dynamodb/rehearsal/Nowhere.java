package dev.outpost.dynamodb.rehearsal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;

/**
 * An HTTP client whose requests go nowhere: what writes is rehearsed on it, through the whole of
 * the SDK, and nothing has happened. It answers services of the AWS JSON protocol, which name the
 * operation in the header {@code X-Amz-Target}. Stateless.
 */
public final class Nowhere implements SdkHttpClient {
  private static final String NOBODY = "rehearsal";

  private final List<Answer> answers;

  /**
   * What is answered.
   *
   * @param operation the operation's name, such as {@code GetItem}
   * @param with what the request's body must contain besides
   * @param json the answer
   */
  public record Answer(String operation, String with, String json) {
    /** Refuses nulls. */
    public Answer {
      Objects.requireNonNull(operation, "operation");
      Objects.requireNonNull(with, "with");
      Objects.requireNonNull(json, "json");
    }

    /** To every request of that operation. */
    public Answer(String operation, String json) {
      this(operation, "", json);
    }
  }

  /** The first answer that fits a request counts; without one it is an empty object. */
  public Nowhere(List<Answer> answers) {
    this.answers = List.copyOf(answers);
  }

  /** A client of that builder that reaches nobody. */
  public <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> C client(B builder) {
    return builder
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(NOBODY, NOBODY)))
        .httpClient(this)
        .build();
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        byte[] answer = answer(request).getBytes(StandardCharsets.UTF_8);
        return HttpExecuteResponse.builder()
            .response(
                SdkHttpResponse.builder()
                    .statusCode(200)
                    .putHeader("Content-Type", "application/x-amz-json-1.0")
                    .build())
            .responseBody(AbortableInputStream.create(new ByteArrayInputStream(answer)))
            .build();
      }

      @Override
      public void abort() {
        // There is nothing to break off.
      }
    };
  }

  private String answer(HttpExecuteRequest request) throws IOException {
    ContentStreamProvider content = request.contentStreamProvider().orElseThrow();
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    try (InputStream body = content.newStream()) {
      body.transferTo(sent);
    }
    String body = sent.toString(StandardCharsets.UTF_8);
    String target = request.httpRequest().firstMatchingHeader("X-Amz-Target").orElse("");
    String operation = target.substring(target.lastIndexOf('.') + 1);
    return answers.stream()
        .filter(answer -> answer.operation().equals(operation) && body.contains(answer.with()))
        .map(Answer::json)
        .findFirst()
        .orElse("{}");
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
