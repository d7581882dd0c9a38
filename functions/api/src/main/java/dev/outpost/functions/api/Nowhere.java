package dev.outpost.functions.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * An HTTP client whose requests go nowhere and are answered by an empty JSON object: what writes is
 * rehearsed on it. Stateless.
 */
final class Nowhere implements SdkHttpClient {
  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        ContentStreamProvider content = request.contentStreamProvider().orElseThrow();
        try (InputStream body = content.newStream()) {
          body.transferTo(OutputStream.nullOutputStream());
        }
        return HttpExecuteResponse.builder()
            .response(
                SdkHttpResponse.builder()
                    .statusCode(200)
                    .putHeader("Content-Type", "application/x-amz-json-1.0")
                    .build())
            .responseBody(
                AbortableInputStream.create(
                    new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8))))
            .build();
      }

      @Override
      public void abort() {
        // There is nothing to break off.
      }
    };
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
