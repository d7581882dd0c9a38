package dev.outpost.simulation.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

class MemorySqsTest extends SqsConformance {
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");
  private final MemorySqs sqs = new MemorySqs(() -> now, MemorySqs.Liberties.NONE);

  @Override
  protected SqsClient client() {
    return sqs;
  }

  @Override
  protected void pass(Duration time) {
    now = now.plus(time);
  }

  /** As the documentation says; ElasticMQ keeps the id, and refuses to delete what is gone. */
  @Test
  void aRedrivenMessageHasANewIdAndDeletingTwiceIsNoMistake() {
    String dead = sqs.createQueue(q -> q.queueName("dead")).queueUrl();
    String arn = "arn:aws:sqs:eu-central-1:111122223333:dead";
    String url =
        sqs.createQueue(
                q ->
                    q.queueName("live")
                        .attributesWithStrings(
                            Map.of(
                                "VisibilityTimeout",
                                "0",
                                "RedrivePolicy",
                                "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":1}")))
            .queueUrl();
    sqs.sendMessage(m -> m.queueUrl(url).messageBody("poison"));
    String id = sqs.receiveMessage(r -> r.queueUrl(url)).messages().getFirst().messageId();
    assertThat(sqs.receiveMessage(r -> r.queueUrl(url)).messages()).isEmpty();
    assertThat(sqs.bodies(dead)).containsExactly("poison");
    sqs.startMessageMoveTask(task -> task.sourceArn(arn));
    Message back = sqs.receiveMessage(r -> r.queueUrl(url)).messages().getFirst();
    assertThat(back.messageId()).isNotEqualTo(id);
    for (int i = 0; i < 2; i++) {
      sqs.deleteMessage(d -> d.queueUrl(url).receiptHandle(back.receiptHandle()));
    }
    assertThat(sqs.depth(url).total()).isZero();
  }

  @Test
  void aQueueThatTakesItsLibertiesReordersAndRepeats() {
    MemorySqs unruly =
        new MemorySqs(
            () -> now,
            new MemorySqs.Liberties() {
              @Override
              public int pick(int visible) {
                return visible - 1;
              }

              @Override
              public boolean duplicate() {
                return true;
              }
            });
    String url = unruly.createQueue(q -> q.queueName("unruly")).queueUrl();
    for (String body : List.of("one", "two", "three")) {
      unruly.sendMessage(m -> m.queueUrl(url).messageBody(body));
    }
    List<Message> received =
        unruly.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10)).messages();
    assertThat(received).extracting(Message::body).containsExactly("three", "two", "one");
    received.forEach(
        m -> unruly.deleteMessage(d -> d.queueUrl(url).receiptHandle(m.receiptHandle())));
    assertThat(unruly.receiveMessage(r -> r.queueUrl(url)).messages())
        .extracting(Message::body)
        .containsExactly("one");
  }
}
