package dev.outpost.functions.api;

import dev.outpost.Ulids;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.rehearsal.Nowhere;
import dev.outpost.edge.Body;
import dev.outpost.edge.HttpRequest;
import dev.outpost.edge.HttpResponse;
import dev.outpost.edge.Json;
import dev.outpost.sqs.SqsLaunchQueue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Requests that no client sent. None has an effect: they read what nobody has, which opens the way
 * to the store, or break a rule after everything on the way to admission was done.
 */
final class Rehearsal {
  private static final Map<String, String> NOBODY =
      Map.of(
          "access",
          "granted",
          "tenantId",
          "00000000-0000-0000-0000-000000000000",
          "keyId",
          "key_rehearsal",
          "scopes",
          "admin",
          "tier",
          "free");

  private static final String ACCEPTED =
      """
      {"agent":"claude","task":"An instance starts.","repo":"owner/name","branch":"main",
       "tags":{"a":"b"},"idempotencyKey":"k","timeoutSeconds":60}""";

  /** The timeout is the one thing that is wrong. */
  private static final Body REFUSED =
      Body.ofText(
          """
          {"agent":"claude","task":"An instance starts.","repo":"owner/name","branch":"main",
           "tags":{"a":"b"},"idempotencyKey":"k","timeoutSeconds":1}""");

  /** All of them. A dispatch's id begins with its time, so that the one here can't be. */
  static final List<HttpRequest> REQUESTS =
      List.of(
          request("GET", "/health", Body.NONE),
          request("GET", "/dispatch/dsp_00000000000000000000000000", Body.NONE),
          request("GET", "/dispatch", Body.NONE),
          request("POST", "/dispatch", REFUSED));

  private final Api nowhere;

  /** Of a function with those parts. */
  Rehearsal(ApiParts deployed) {
    this.nowhere = nowhere(deployed).api();
  }

  /**
   * Has a request accepted, API Gateway's event and all, on the same parts but for a store and a
   * queue that are not there: nothing has happened.
   */
  HttpResponse accept() throws IOException {
    String event =
        Json.text(
            Map.of(
                "version",
                "2.0",
                "routeKey",
                "POST /dispatch",
                "rawPath",
                "/dispatch",
                "headers",
                Map.of("content-type", "application/json"),
                "requestContext",
                Map.of(
                    "http",
                    Map.of("method", "POST"),
                    "requestId",
                    "rehearsal",
                    "authorizer",
                    Map.of("lambda", NOBODY)),
                "body",
                ACCEPTED));
    HttpResponse response =
        nowhere
            .answer(
                HttpRequest.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8))))
            .response();
    response.writeTo(OutputStream.nullOutputStream());
    return response;
  }

  private static ApiParts nowhere(ApiParts deployed) {
    Nowhere nowhere = new Nowhere(List.of());
    DynamoDbClient dynamo = nowhere.client(DynamoDbClient.builder());
    // An empty answer has no digest to compare.
    SqsClient sqs = nowhere.client(SqsClient.builder().checksumValidationEnabled(false));
    return new ApiParts(
        new DynamoDispatches(dynamo, "rehearsal"),
        new SqsLaunchQueue(sqs, "https://sqs.us-east-1.amazonaws.com/0/rehearsal"),
        deployed.logs(),
        deployed.artifacts(),
        deployed.endings(),
        deployed.catalogue(),
        new NamedCredentials(Set.of("ANTHROPIC_API_KEY")),
        deployed.promote(),
        deployed.secrets(),
        deployed.documents(),
        deployed.workspaces(),
        deployed.webhooks(),
        deployed.deliveries(),
        deployed.deliveryQueue(),
        deployed.signing(),
        deployed.audit(),
        deployed.policy(),
        new Ulids(deployed.clock()),
        deployed.pause(),
        deployed.clock());
  }

  private static HttpRequest request(String method, String path, Body body) {
    return new HttpRequest(
        method + " " + path, method, path, Map.of(), Map.of(), Map.of(), body, "rehearsal", NOBODY);
  }
}
