package dev.outpost.sqs;

import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.DeliveryQueueContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

class SqsDeliveryQueueIT extends DeliveryQueueContract {
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
  protected DeliveryQueue queue() {
    return new SqsDeliveryQueue(elasticMq.client(), url);
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
      received.add(
          new Received(
              message.body(),
              new TenantId(message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID))));
    }
    return received;
  }
}
