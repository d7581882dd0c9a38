package dev.outpost.sqs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.LaunchQueueContract;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

class SqsLaunchQueueIT extends LaunchQueueContract {
  private static final String BEFORE_ID = "{\"dispatchId\":\"";
  private static final String AFTER_ID = "\"}";

  private static ElasticMq elasticMq;
  private String url;

  @BeforeAll
  static void start() {
    elasticMq = ElasticMq.start();
  }

  @AfterAll
  static void stop() {
    elasticMq.close();
  }

  @BeforeEach
  void create() {
    url = elasticMq.queue();
  }

  @Override
  protected LaunchQueue queue() {
    return new SqsLaunchQueue(elasticMq.client(), url);
  }

  @Override
  protected List<Received> receive(Duration within) {
    List<Message> messages =
        elasticMq
            .client()
            .receiveMessage(
                receive ->
                    receive
                        .queueUrl(url)
                        .maxNumberOfMessages(10)
                        .waitTimeSeconds(Math.toIntExact(within.toSeconds()))
                        .messageSystemAttributeNames(MessageSystemAttributeName.MESSAGE_GROUP_ID))
            .messages();
    List<Received> received = new ArrayList<>();
    for (Message message : messages) {
      elasticMq
          .client()
          .deleteMessage(delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle()));
      String body = message.body();
      received.add(
          new Received(
              new DispatchId(body.substring(BEFORE_ID.length(), body.length() - AFTER_ID.length())),
              new TenantId(message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID))));
    }
    return received;
  }

  @Test
  void aDelayThatSqsWouldRefuseIsRefusedBeforeItIsSent() {
    DispatchId id = new DispatchId("dsp_00000000000000000000000000");
    for (Duration delay :
        List.of(
            Duration.ofSeconds(-1),
            Duration.ofMillis(1_500),
            LaunchQueue.MAX_DELAY.plusSeconds(1))) {
      assertThatThrownBy(() -> queue().send(id, TenantId.INSTALLATION, delay))
          .isInstanceOf(IllegalArgumentException.class);
    }
    queue().send(id, TenantId.INSTALLATION, LaunchQueue.MAX_DELAY);
  }
}
