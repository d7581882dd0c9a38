package dev.outpost.simulation.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What the functions rely on: the model and ElasticMQ answer alike. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SqsConformance {
  private static final Duration VISIBILITY = Duration.ofSeconds(3);
  private static final Duration LONGER = VISIBILITY.plusMillis(300);

  private String queue;
  private String dead;

  /** The client under test. */
  protected abstract SqsClient client();

  /** Lets that much time pass. */
  protected abstract void pass(Duration time) throws InterruptedException;

  @BeforeEach
  void create() {
    dead = create(Map.of());
    String arn =
        client()
            .getQueueAttributes(q -> q.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    queue =
        create(
            Map.of(
                "VisibilityTimeout",
                String.valueOf(VISIBILITY.toSeconds()),
                "RedrivePolicy",
                "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":2}"));
  }

  private String create(Map<String, String> attributes) {
    String name = "queue-" + UUID.randomUUID();
    return client()
        .createQueue(q -> q.queueName(name).attributesWithStrings(attributes))
        .queueUrl();
  }

  private void send(String body) {
    client().sendMessage(m -> m.queueUrl(queue).messageBody(body).messageGroupId("tenant"));
  }

  private List<Message> receive(String url) {
    return client()
        .receiveMessage(
            r ->
                r.queueUrl(url)
                    .maxNumberOfMessages(10)
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  private void delete(Message message) {
    client().deleteMessage(d -> d.queueUrl(queue).receiptHandle(message.receiptHandle()));
  }

  private static String receives(Message message) {
    return message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
  }

  @Test
  void whatIsReceivedIsHiddenAndWhatIsDeletedIsGone() throws Exception {
    send("one");
    Message message = receive(queue).getFirst();
    assertThat(message.body()).isEqualTo("one");
    assertThat(message.attributes())
        .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "tenant");
    assertThat(receive(queue)).isEmpty();
    delete(message);
    pass(LONGER);
    assertThat(receive(queue)).isEmpty();
  }

  @Test
  void whatIsNotDeletedComesAgainAndIsCounted() throws Exception {
    send("again");
    Message first = receive(queue).getFirst();
    assertThat(receives(first)).isEqualTo("1");
    pass(LONGER);
    Message second = receive(queue).getFirst();
    assertThat(receives(second)).isEqualTo("2");
    assertThat(second.messageId()).isEqualTo(first.messageId());
    delete(second);
  }

  @Test
  void aDelayedMessageIsHiddenForItsTime() throws Exception {
    client()
        .sendMessage(
            m -> m.queueUrl(queue).messageBody("later").delaySeconds((int) VISIBILITY.toSeconds()));
    assertThat(receive(queue)).isEmpty();
    pass(LONGER);
    assertThat(receive(queue)).hasSize(1);
  }

  @Test
  void afterTooManyReceivesItIsADeadLetterAndCanBePutBack() throws Exception {
    send("poison");
    assertThat(receive(queue)).hasSize(1);
    pass(LONGER);
    assertThat(receive(queue)).hasSize(1);
    pass(LONGER);
    assertThat(receive(queue)).isEmpty();
    String arn =
        client()
            .getQueueAttributes(q -> q.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    client().startMessageMoveTask(task -> task.sourceArn(arn));
    pass(LONGER);
    Message back = receive(queue).getFirst();
    assertThat(back.body()).isEqualTo("poison");
    assertThat(receives(back)).isEqualTo("1");
    assertThat(receive(dead)).isEmpty();
  }
}
