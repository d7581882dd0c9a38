package dev.outpost.machine;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.time.Duration;
import java.util.List;

/** A queue as an event source mapping sees it. Safe for use by many threads. */
interface MessageSource {
  /**
   * Messages that are now hidden from others for the queue's visibility timeout.
   *
   * @param max how many at most
   * @param wait how long to wait for the first
   */
  List<SQSMessage> receive(int max, Duration wait) throws InterruptedException;

  /** Forgets a message that has done its work. */
  void delete(SQSMessage message);
}
