package dev.outpost.machine;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import dev.outpost.audit.AuditTrail;
import dev.outpost.cli.admin.DeadLetters;
import dev.outpost.cli.admin.QueueName;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.embedded.EmbeddedApiKeys;
import dev.outpost.embedded.EmbeddedAuditTrail;
import dev.outpost.embedded.EmbeddedContextDocuments;
import dev.outpost.embedded.EmbeddedDeliveries;
import dev.outpost.embedded.EmbeddedDeliveryQueue;
import dev.outpost.embedded.EmbeddedDispatches;
import dev.outpost.embedded.EmbeddedEndings;
import dev.outpost.embedded.EmbeddedLaunchQueue;
import dev.outpost.embedded.EmbeddedQueue;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.embedded.EmbeddedStream;
import dev.outpost.embedded.EmbeddedStream.ItemChange;
import dev.outpost.embedded.EmbeddedTenants;
import dev.outpost.embedded.EmbeddedWebhooks;
import dev.outpost.embedded.EmbeddedWorkspaces;
import dev.outpost.embedded.QueueMessage;
import dev.outpost.fleet.Endings;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.tenant.ApiKeys;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.Tenants;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.Webhooks;
import dev.outpost.workspace.Workspaces;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** All of a machine's state in one embedded store. Safe for use by many threads. */
final class EmbeddedBackend implements Backend {
  /** How long a message stays hidden: six times what a function may take, as AWS advises. */
  private static final Duration VISIBILITY = Duration.ofSeconds(30);

  private final EmbeddedStore store;
  private final EmbeddedStream stream;
  private final EmbeddedQueue launches;
  private final EmbeddedQueue taskEvents;
  private final EmbeddedQueue attempts;
  private final Duration visibility;

  /** In that store, which is closed with it. */
  EmbeddedBackend(EmbeddedStore store, InstantSource clock) {
    this(store, VISIBILITY, clock);
  }

  /** The same, with messages that stay hidden that long. */
  EmbeddedBackend(EmbeddedStore store, Duration visibility, InstantSource clock) {
    this.visibility = Objects.requireNonNull(visibility, "visibility");
    this.store = Objects.requireNonNull(store, "store");
    this.stream = new EmbeddedStream(store);
    this.launches = new EmbeddedQueue(store, "launch", LaunchQueue.MAX_RECEIVES, clock);
    this.taskEvents = new EmbeddedQueue(store, "task-events", LaunchQueue.MAX_RECEIVES, clock);
    this.attempts = new EmbeddedQueue(store, "webhooks", DeliveryQueue.MAX_RECEIVES, clock);
  }

  @Override
  public Dispatches dispatches() {
    return new EmbeddedDispatches(store, stream);
  }

  @Override
  public Tenants tenants() {
    return new EmbeddedTenants(store);
  }

  @Override
  public ContextDocuments contextDocuments() {
    return new EmbeddedContextDocuments(store);
  }

  @Override
  public Workspaces workspaces() {
    return new EmbeddedWorkspaces(store);
  }

  @Override
  public ApiKeys apiKeys() {
    return new EmbeddedApiKeys(store);
  }

  @Override
  public Endings endings() {
    return new EmbeddedEndings(store);
  }

  @Override
  public LaunchQueue launchQueue() {
    return new EmbeddedLaunchQueue(launches);
  }

  @Override
  public MessageSource launchMessages() {
    return new QueueSource(launches, visibility);
  }

  @Override
  public Webhooks webhooks() {
    return new EmbeddedWebhooks(store);
  }

  @Override
  public Deliveries deliveries() {
    return new EmbeddedDeliveries(store);
  }

  @Override
  public AuditTrail audit() {
    return new EmbeddedAuditTrail(store);
  }

  @Override
  public DeliveryQueue deliveryQueue() {
    return new EmbeddedDeliveryQueue(attempts);
  }

  @Override
  public MessageSource deliveryMessages() {
    return new QueueSource(attempts, visibility);
  }

  @Override
  public void sendTaskEvent(String event) {
    taskEvents.send(event, Optional.empty(), Duration.ZERO);
  }

  @Override
  public MessageSource taskEvents() {
    return new QueueSource(taskEvents, visibility);
  }

  /** The dead letters of one of its queues. */
  DeadLetters deadLetters(QueueName queue) {
    return new EmbeddedDeadLetters(
        switch (queue) {
          case LAUNCH -> launches;
          case TASK_EVENTS -> taskEvents;
          case WEBHOOKS -> attempts;
        });
  }

  @Override
  public ChangeSource changes() {
    return new StreamSource(stream);
  }

  @Override
  public void close() {
    store.close();
  }

  private record QueueSource(EmbeddedQueue queue, Duration visibility) implements MessageSource {
    @Override
    public List<SQSMessage> receive(int max, Duration wait) throws InterruptedException {
      List<SQSMessage> messages = new ArrayList<>();
      for (QueueMessage received : queue.receive(max, visibility, wait)) {
        SQSMessage message = new SQSMessage();
        message.setMessageId(received.id());
        message.setReceiptHandle(received.receiptHandle());
        message.setBody(received.body());
        message.setAttributes(received.attributes());
        message.setEventSource("aws:sqs");
        messages.add(message);
      }
      return messages;
    }

    @Override
    public void delete(SQSMessage message) {
      queue.delete(message.getReceiptHandle());
    }
  }

  private record StreamSource(EmbeddedStream stream) implements ChangeSource {
    @Override
    public List<DynamodbStreamRecord> read(int max, Duration wait) throws InterruptedException {
      List<DynamodbStreamRecord> records = new ArrayList<>();
      for (ItemChange change : stream.read(max, wait)) {
        StreamRecord images = new StreamRecord();
        images.setSequenceNumber(change.sequence());
        change.before().ifPresent(item -> images.setOldImage(image(item)));
        images.setNewImage(image(change.after()));
        DynamodbStreamRecord streamRecord = new DynamodbStreamRecord();
        streamRecord.setEventSource("aws:dynamodb");
        streamRecord.setEventName(change.before().isPresent() ? "MODIFY" : "INSERT");
        streamRecord.setDynamodb(images);
        records.add(streamRecord);
      }
      return records;
    }

    @Override
    public void acknowledge(List<DynamodbStreamRecord> done) {
      stream.acknowledge(done.stream().map(r -> r.getDynamodb().getSequenceNumber()).toList());
    }

    private static Map<String, AttributeValue> image(Map<?, ?> item) {
      Map<String, AttributeValue> image = new LinkedHashMap<>();
      item.forEach((name, value) -> image.put((String) name, attribute(value)));
      return image;
    }

    private static AttributeValue attribute(Object value) {
      AttributeValue attribute = new AttributeValue();
      switch (value) {
        case String text -> attribute.setS(text);
        case Number number -> attribute.setN(number.toString());
        case Boolean flag -> attribute.setBOOL(flag);
        case Map<?, ?> map -> attribute.setM(image(map));
        case List<?> list -> attribute.setL(list.stream().map(StreamSource::attribute).toList());
        default -> throw new IllegalStateException("no item holds a " + value.getClass());
      }
      return attribute;
    }
  }
}
