package dev.outpost.cdk;

/**
 * How many launchers may work at once so that ECS is asked for no more tasks than it starts.
 *
 * <p>ECS starts a number of tasks on Fargate per second in an account and region (20 unless raised;
 * Amazon ECS Developer Guide, "Amazon ECS service quotas"). A launcher handles its messages one
 * after another, and a launch takes four reads, a transaction, the call of RunTask and a write: a
 * quarter of a second when all goes well. So as many launchers as fit four launches a second into
 * the rate, less one: SQS starts batches in steps, and the reconciler's repeats need room. One that
 * is throttled all the same loses nothing, it is repeated with its client token.
 */
final class LaunchPace {
  /** Launches that one launcher makes in a second at the most. */
  private static final int PER_LAUNCHER = 4;

  /**
   * The least that SQS's event source can be told (AWS Lambda: ScalingConfig.MaximumConcurrency).
   */
  private static final int LEAST = 2;

  private LaunchPace() {}

  /** The number of launchers at that rate of RunTask per second. */
  static int launchers(int runTasksPerSecond) {
    return Math.max(LEAST, runTasksPerSecond / PER_LAUNCHER - 1);
  }

  /** How many launches a second that many launchers make at the most. */
  static int perSecond(int launchers) {
    return launchers * PER_LAUNCHER;
  }
}
