package dev.outpost.simulation.aws;

import dev.outpost.sqs.ElasticMq;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import software.amazon.awssdk.services.sqs.SqsClient;

class ElasticMqSqsIT extends SqsConformance {
  private final ElasticMq elasticMq = ElasticMq.start();

  @AfterAll
  void stop() {
    elasticMq.close();
  }

  @Override
  protected SqsClient client() {
    return elasticMq.client();
  }

  @Override
  protected void pass(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }
}
