package dev.outpost.simulation;

import software.amazon.awssdk.awscore.AwsRequest;

/**
 * Who hears what each function asks of AWS in simulated histories. Several histories go on at once,
 * so it must be safe for use by many threads.
 */
@FunctionalInterface
public interface CallListener {
  /**
   * A function makes a call.
   *
   * @param function the function's folder, such as {@code launcher}
   * @param request what it asks
   */
  void called(String function, AwsRequest request);
}
