package dev.outpost.machine;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import java.time.Duration;
import java.util.List;

/** The dispatches table's stream as an event source mapping sees it; for one reader. */
interface ChangeSource {
  /**
   * The oldest records that were not acknowledged, in order.
   *
   * @param max how many at most
   * @param wait how long to wait for the first
   */
  List<DynamodbStreamRecord> read(int max, Duration wait) throws InterruptedException;

  /** Forgets that many of the oldest records. */
  void acknowledge(List<DynamodbStreamRecord> done);
}
