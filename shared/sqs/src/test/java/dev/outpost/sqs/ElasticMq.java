package dev.outpost.sqs;

import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * ElasticMQ in this process, on a free port of the loopback interface. Its queues behave as those
 * of SQS, but a message group on a standard queue is only kept, it makes nothing fair.
 */
public final class ElasticMq implements AutoCloseable {
  private final SQSRestServer server;
  private final SqsClient client;

  private ElasticMq(SQSRestServer server) {
    this.server = server;
    int port = server.waitUntilStarted().localAddress().getPort();
    this.client =
        SqsClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + port))
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClient(ApacheHttpClient.create())
            .build();
  }

  /** Starts one without queues; returns as soon as it answers. */
  public static ElasticMq start() {
    return new ElasticMq(SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start());
  }

  /** A client of it. */
  public SqsClient client() {
    return client;
  }

  /** A new standard queue, whose URL is returned. */
  public String queue() {
    return queue(Map.of());
  }

  /** A new standard queue with these attributes, whose URL is returned. */
  public String queue(Map<QueueAttributeName, String> attributes) {
    String name = "queue-" + UUID.randomUUID();
    return client.createQueue(queue -> queue.queueName(name).attributes(attributes)).queueUrl();
  }

  @Override
  public void close() {
    client.close();
    server.stopAndWait();
  }
}
