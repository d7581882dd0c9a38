package dev.outpost.machine;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import dev.outpost.audit.AuditTrail;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dynamodb.DynamoApiKeys;
import dev.outpost.dynamodb.DynamoAuditTrail;
import dev.outpost.dynamodb.DynamoContextDocuments;
import dev.outpost.dynamodb.DynamoDbLocal;
import dev.outpost.dynamodb.DynamoDeliveries;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoEndings;
import dev.outpost.dynamodb.DynamoTables;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.dynamodb.DynamoWebhooks;
import dev.outpost.dynamodb.DynamoWorkspaces;
import dev.outpost.fleet.Endings;
import dev.outpost.items.Tables;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.sqs.ElasticMq;
import dev.outpost.sqs.SqsDeliveryQueue;
import dev.outpost.sqs.SqsLaunchQueue;
import dev.outpost.tenant.ApiKeys;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.Tenants;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.Webhooks;
import dev.outpost.workspace.Workspaces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A machine's state in DynamoDB and SQS, as far as they can be had here. */
final class AwsBackend implements Backend {
  private static final String STAGE = "e2e";

  private final DynamoDbLocal dynamo;
  private final ElasticMq sqs;
  private final String launches;
  private final String taskEvents;
  private final String attempts;

  private AwsBackend(DynamoDbLocal dynamo, ElasticMq sqs) {
    this.dynamo = dynamo;
    this.sqs = sqs;
    Map<QueueAttributeName, String> visibility =
        Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "30");
    this.launches = sqs.queue(visibility);
    this.taskEvents = sqs.queue(visibility);
    this.attempts = sqs.queue(visibility);
  }

  static AwsBackend start() {
    DynamoDbLocal dynamo = DynamoDbLocal.start();
    DynamoTables.create(dynamo.client(), STAGE);
    return new AwsBackend(dynamo, ElasticMq.start());
  }

  @Override
  public Dispatches dispatches() {
    return new DynamoDispatches(dynamo.client(), STAGE);
  }

  @Override
  public ContextDocuments contextDocuments() {
    return new DynamoContextDocuments(dynamo.client(), STAGE);
  }

  @Override
  public Workspaces workspaces() {
    return new DynamoWorkspaces(dynamo.client(), STAGE);
  }

  @Override
  public Tenants tenants() {
    return new DynamoTenants(dynamo.client(), STAGE);
  }

  @Override
  public ApiKeys apiKeys() {
    return new DynamoApiKeys(dynamo.client(), STAGE);
  }

  @Override
  public Endings endings() {
    return new DynamoEndings(dynamo.client(), STAGE);
  }

  @Override
  public LaunchQueue launchQueue() {
    return new SqsLaunchQueue(sqs.client(), launches);
  }

  @Override
  public MessageSource launchMessages() {
    return new Queue(sqs.client(), launches);
  }

  @Override
  public Webhooks webhooks() {
    return new DynamoWebhooks(dynamo.client(), STAGE);
  }

  @Override
  public Deliveries deliveries() {
    return new DynamoDeliveries(dynamo.client(), STAGE);
  }

  @Override
  public AuditTrail audit() {
    return new DynamoAuditTrail(dynamo.client(), STAGE);
  }

  @Override
  public DeliveryQueue deliveryQueue() {
    return new SqsDeliveryQueue(sqs.client(), attempts);
  }

  @Override
  public MessageSource deliveryMessages() {
    return new Queue(sqs.client(), attempts);
  }

  @Override
  public void sendTaskEvent(String event) {
    sqs.client().sendMessage(message -> message.queueUrl(taskEvents).messageBody(event));
  }

  @Override
  public MessageSource taskEvents() {
    return new Queue(sqs.client(), taskEvents);
  }

  @Override
  public ChangeSource changes() {
    String table = Tables.name(Tables.DISPATCHES, STAGE);
    String stream =
        dynamo.client().describeTable(t -> t.tableName(table)).table().latestStreamArn();
    return new Stream(dynamo.streams(), stream);
  }

  @Override
  public void close() {
    sqs.close();
    dynamo.close();
  }

  private record Queue(SqsClient client, String url) implements MessageSource {
    @Override
    public List<SQSMessage> receive(int max, Duration wait) {
      List<SQSMessage> messages = new ArrayList<>();
      for (Message received :
          client
              .receiveMessage(
                  r ->
                      r.queueUrl(url)
                          .maxNumberOfMessages(max)
                          .waitTimeSeconds(Math.toIntExact(wait.toSeconds())))
              .messages()) {
        SQSMessage message = new SQSMessage();
        message.setMessageId(received.messageId());
        message.setReceiptHandle(received.receiptHandle());
        message.setBody(received.body());
        messages.add(message);
      }
      return messages;
    }

    @Override
    public void delete(SQSMessage message) {
      client.deleteMessage(d -> d.queueUrl(url).receiptHandle(message.getReceiptHandle()));
    }
  }

  /** Reads the shards as Lambda's poller does: all of them, each in its order. */
  private static final class Stream implements ChangeSource {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final DynamoDbStreamsClient client;
    private final String arn;
    private final Map<String, String> iterators = new LinkedHashMap<>();
    private final Map<String, String> last = new HashMap<>();
    private final List<DynamodbStreamRecord> fetched = new ArrayList<>();

    Stream(DynamoDbStreamsClient client, String arn) {
      this.client = client;
      this.arn = arn;
    }

    @Override
    public List<DynamodbStreamRecord> read(int max, Duration wait) throws InterruptedException {
      Instant until = Instant.now().plus(wait);
      fetch();
      while (fetched.isEmpty() && Instant.now().isBefore(until)) {
        Thread.sleep(LOOK_EVERY);
        fetch();
      }
      return List.copyOf(fetched.subList(0, Math.min(max, fetched.size())));
    }

    @Override
    public void acknowledge(List<DynamodbStreamRecord> done) {
      fetched.subList(0, done.size()).clear();
    }

    private void fetch() {
      for (Shard shard :
          client.describeStream(d -> d.streamArn(arn)).streamDescription().shards()) {
        String id = shard.shardId();
        if (!iterators.containsKey(id)) {
          iterators.put(id, iterator(id));
        }
        String iterator = iterators.get(id);
        if (iterator != null) {
          try {
            GetRecordsResponse page = client.getRecords(g -> g.shardIterator(iterator));
            page.records().forEach(r -> fetched.add(streamRecord(r)));
            page.records().forEach(r -> last.put(id, r.dynamodb().sequenceNumber()));
            iterators.put(id, page.nextShardIterator());
          } catch (TrimmedDataAccessException _) {
            // DynamoDB Local forgets iterators while it is busy; the place in the shard stays.
            iterators.remove(id);
          }
        }
      }
    }

    private String iterator(String shard) {
      String read = last.get(shard);
      return client
          .getShardIterator(
              g ->
                  g.streamArn(arn)
                      .shardId(shard)
                      .sequenceNumber(read)
                      .shardIteratorType(
                          read == null
                              ? ShardIteratorType.TRIM_HORIZON
                              : ShardIteratorType.AFTER_SEQUENCE_NUMBER))
          .shardIterator();
    }

    private static DynamodbStreamRecord streamRecord(
        software.amazon.awssdk.services.dynamodb.model.Record told) {
      StreamRecord images = new StreamRecord();
      images.setSequenceNumber(told.dynamodb().sequenceNumber());
      if (told.dynamodb().hasOldImage()) {
        images.setOldImage(image(told.dynamodb().oldImage()));
      }
      if (told.dynamodb().hasNewImage()) {
        images.setNewImage(image(told.dynamodb().newImage()));
      }
      DynamodbStreamRecord streamRecord = new DynamodbStreamRecord();
      streamRecord.setEventName(told.eventNameAsString());
      streamRecord.setDynamodb(images);
      return streamRecord;
    }

    private static Map<
            String, com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue>
        image(Map<String, AttributeValue> item) {
      Map<String, com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue>
          image = new LinkedHashMap<>();
      item.forEach((name, value) -> image.put(name, attribute(value)));
      return image;
    }

    private static com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue
        attribute(AttributeValue value) {
      var attribute =
          new com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue();
      switch (value.type()) {
        case S -> attribute.setS(value.s());
        case N -> attribute.setN(value.n());
        case BOOL -> attribute.setBOOL(value.bool());
        case SS -> attribute.setSS(value.ss());
        case M -> attribute.setM(image(value.m()));
        case L -> attribute.setL(value.l().stream().map(Stream::attribute).toList());
        case B, BS, NS, NUL, UNKNOWN_TO_SDK_VERSION ->
            throw new IllegalStateException("no item of ours holds a " + value.type());
      }
      return attribute;
    }
  }
}
