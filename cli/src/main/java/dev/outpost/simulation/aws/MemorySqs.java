package dev.outpost.simulation.aws;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.CreateQueueResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskResponse;

/**
 * SQS's standard queues in memory. Long polling returns at once: time passes elsewhere. Not safe
 * for use by several threads.
 *
 * <p>Documents: Amazon SQS Developer Guide "Visibility timeout", "Dead-letter queues", "At-least-
 * once delivery"; API Reference StartMessageMoveTask.
 */
public final class MemorySqs implements SqsClient {
  private static final String URL = "https://sqs.eu-central-1.amazonaws.com/111122223333/";
  private static final String ARN = "arn:aws:sqs:eu-central-1:111122223333:";

  /** A deleted message may be seen once more for so long (at-least-once delivery). */
  private static final Duration GHOST = Duration.ofMinutes(5);

  private final InstantSource clock;
  private final Liberties liberties;
  private final Map<String, MemoryQueue> queues = new LinkedHashMap<>();
  private long messages;

  /** What a standard queue may do, and mostly doesn't. */
  public interface Liberties {
    /** It takes none. */
    Liberties NONE =
        new Liberties() {
          @Override
          public int pick(int visible) {
            return 0;
          }

          @Override
          public boolean duplicate() {
            return false;
          }
        };

    /** Which of so many visible messages comes next, the oldest being 0. */
    int pick(int visible);

    /** Whether a message is delivered once more, though it is in flight or was deleted. */
    boolean duplicate();

    /**
     * Called when a message that was deleted is delivered as often as its queue allows: it can't
     * become a dead letter, for it is in no queue any more.
     */
    default void lastOfDeleted(String body) {}
  }

  /**
   * How many messages a queue has.
   *
   * @param visible to be received now
   * @param delayed not yet
   * @param inFlight received, neither deleted nor visible again
   */
  public record Depth(int visible, int delayed, int inFlight) {
    /** All of them. */
    public int total() {
      return visible + delayed + inFlight;
    }
  }

  /** An account without queues. */
  public MemorySqs(InstantSource clock, Liberties liberties) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.liberties = Objects.requireNonNull(liberties, "liberties");
  }

  @Override
  public CreateQueueResponse createQueue(CreateQueueRequest request) {
    Map<String, String> attributes = request.attributesAsStrings();
    MemoryQueue queue = new MemoryQueue(request.queueName());
    queue.visibility =
        Duration.ofSeconds(Long.parseLong(attributes.getOrDefault("VisibilityTimeout", "30")));
    queue.delay = Duration.ofSeconds(Long.parseLong(attributes.getOrDefault("DelaySeconds", "0")));
    if (attributes.containsKey("RedrivePolicy")) {
      try {
        Map<String, Object> policy = JSON.std.mapFrom(attributes.get("RedrivePolicy"));
        String target = String.valueOf(policy.get("deadLetterTargetArn"));
        queue.dead = Optional.of(byName(target.substring(ARN.length())));
        queue.maxReceives = Integer.parseInt(String.valueOf(policy.get("maxReceiveCount")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    queues.put(request.queueName(), queue);
    return CreateQueueResponse.builder().queueUrl(URL + request.queueName()).build();
  }

  private MemoryQueue byName(String name) {
    MemoryQueue queue = queues.get(name);
    if (queue == null) {
      throw error(
          QueueDoesNotExistException.builder(),
          "AWS.SimpleQueueService.NonExistentQueue",
          "The specified queue does not exist.");
    }
    return queue;
  }

  private MemoryQueue byUrl(String url) {
    return byName(url.substring(url.lastIndexOf('/') + 1));
  }

  private static AwsServiceException error(
      AwsServiceException.Builder builder, String code, String message) {
    return builder
        .statusCode(400)
        .message(message)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
        .build();
  }

  @Override
  public GetQueueUrlResponse getQueueUrl(GetQueueUrlRequest request) {
    return GetQueueUrlResponse.builder().queueUrl(URL + byName(request.queueName()).name()).build();
  }

  @Override
  public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
    MemoryQueue queue = byUrl(request.queueUrl());
    Depth depth = queue.depth(clock.instant());
    return GetQueueAttributesResponse.builder()
        .attributes(
            Map.of(
                QueueAttributeName.QUEUE_ARN,
                ARN + queue.name(),
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                String.valueOf(depth.visible()),
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
                String.valueOf(depth.delayed()),
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                String.valueOf(depth.inFlight())))
        .build();
  }

  @Override
  public SendMessageResponse sendMessage(SendMessageRequest request) {
    MemoryQueue queue = byUrl(request.queueUrl());
    Duration delay =
        request.delaySeconds() == null ? queue.delay : Duration.ofSeconds(request.delaySeconds());
    if (delay.isNegative() || delay.toSeconds() > 900) {
      throw error(
          software.amazon.awssdk.services.sqs.model.SqsException.builder(),
          "InvalidParameterValue",
          "Value for parameter DelaySeconds is invalid. Reason: Must be >= 0 and <= 900.");
    }
    Instant now = clock.instant();
    MemoryMessage message =
        new MemoryMessage(
            nextId(), request.messageBody(), Optional.ofNullable(request.messageGroupId()), now);
    message.visibleAt = now.plus(delay);
    queue.add(message);
    return SendMessageResponse.builder().messageId(message.id()).build();
  }

  private String nextId() {
    return String.format("00000000-0000-4000-9000-%012d", ++messages);
  }

  @Override
  public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
    MemoryQueue queue = byUrl(request.queueUrl());
    Instant now = clock.instant();
    int most = request.maxNumberOfMessages() == null ? 1 : request.maxNumberOfMessages();
    Duration visibility =
        request.visibilityTimeout() == null
            ? queue.visibility
            : Duration.ofSeconds(request.visibilityTimeout());
    queue.forget(now.minus(GHOST));
    List<software.amazon.awssdk.services.sqs.model.Message> received = new ArrayList<>();
    List<MemoryMessage> visible = queue.visible(now);
    List<MemoryMessage> ghosts = queue.ghosts();
    ghosts.removeAll(visible);
    if (!ghosts.isEmpty() && liberties.duplicate()) {
      visible.add(ghosts.get(liberties.pick(ghosts.size())));
    }
    while (!visible.isEmpty() && received.size() < most) {
      MemoryMessage message = visible.remove(liberties.pick(visible.size()));
      if (queue.dead.isPresent() && message.receives >= queue.maxReceives) {
        queue.remove(message);
        message.visibleAt = now;
        message.receives = 0;
        message.source = Optional.of(queue);
        queue.dead.get().add(message);
        continue;
      }
      message.receives++;
      if (message.deletedAt != null && message.receives == queue.maxReceives) {
        liberties.lastOfDeleted(message.body());
      }
      message.visibleAt = now.plus(visibility);
      message.handle = message.id() + "/" + message.receives;
      received.add(message.received(now));
    }
    return ReceiveMessageResponse.builder().messages(received).build();
  }

  /**
   * {@inheritDoc}
   *
   * <p>The handle of an earlier receive is accepted and, the message having been received again,
   * deletes nothing: on a standard queue nobody can rely on either.
   */
  @Override
  public DeleteMessageResponse deleteMessage(DeleteMessageRequest request) {
    MemoryQueue queue = byUrl(request.queueUrl());
    queue
        .byHandle(request.receiptHandle())
        .ifPresent(message -> queue.delete(message, clock.instant()));
    return DeleteMessageResponse.builder().build();
  }

  @Override
  public ChangeMessageVisibilityResponse changeMessageVisibility(
      ChangeMessageVisibilityRequest request) {
    MemoryQueue queue = byUrl(request.queueUrl());
    MemoryMessage message =
        queue
            .byHandle(request.receiptHandle())
            .orElseThrow(
                () ->
                    error(
                        ReceiptHandleIsInvalidException.builder(),
                        "ReceiptHandleIsInvalid",
                        "The input receipt handle is invalid."));
    message.visibleAt = clock.instant().plusSeconds(request.visibilityTimeout());
    return ChangeMessageVisibilityResponse.builder().build();
  }

  /** {@inheritDoc} All at once, each under a new id, as if it had just been sent. */
  @Override
  public StartMessageMoveTaskResponse startMessageMoveTask(StartMessageMoveTaskRequest request) {
    MemoryQueue dead = byName(request.sourceArn().substring(ARN.length()));
    Instant now = clock.instant();
    for (MemoryMessage message : dead.all()) {
      dead.remove(message);
      MemoryMessage again = new MemoryMessage(nextId(), message.body(), message.group(), now);
      again.visibleAt = now;
      message.source.orElseThrow().add(again);
    }
    return StartMessageMoveTaskResponse.builder().taskHandle("move-" + messages).build();
  }

  /** How many messages that queue has. */
  public Depth depth(String queueUrl) {
    return byUrl(queueUrl).depth(clock.instant());
  }

  /** The bodies of all messages of that queue, oldest first. */
  public List<String> bodies(String queueUrl) {
    return byUrl(queueUrl).all().stream().map(MemoryMessage::body).toList();
  }

  @Override
  public String serviceName() {
    return "sqs";
  }

  @Override
  public void close() {}
}
