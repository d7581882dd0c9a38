package dev.outpost.lambda;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local behind HTTP, for other processes. Its own server binds every interface; this one
 * has the same handler behind a connector of the loopback interface.
 */
final class DynamoDbEndpoint implements AutoCloseable {
  private final Server server;
  private final LocalDynamoDBServerHandler handler;
  private final String url;
  private final DynamoDbClient client;

  private DynamoDbEndpoint(Server server, LocalDynamoDBServerHandler handler, int port) {
    this.server = server;
    this.handler = handler;
    this.url = "http://127.0.0.1:" + port;
    this.client =
        DynamoDbClient.builder()
            .endpointOverride(URI.create(url))
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClient(ApacheHttpClient.create())
            .build();
  }

  static DynamoDbEndpoint start() throws Exception {
    boolean inMemory = true;
    boolean oneForAllCredentials = true;
    boolean delayed = false;
    LocalDynamoDBServerHandler handler =
        new LocalDynamoDBServerHandler(
            new LocalDynamoDBRequestHandler(0, inMemory, null, oneForAllCredentials, delayed), "");
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setHandler(handler);
    server.start();
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    return new DynamoDbEndpoint(server, handler, port);
  }

  String url() {
    return url;
  }

  DynamoDbClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("DynamoDB Local does not stop", e);
    }
    handler.close();
  }
}
