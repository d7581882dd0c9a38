package dev.outpost.simulation;

/** What can go wrong in a history. Each kind is counted, and a campaign must have hit them all. */
enum Fault {
  /** An AWS call fails before it takes effect. */
  CALL_REFUSED(0.05),
  /** An AWS call takes effect, but its caller sees an error. */
  CALL_ANSWER_LOST(0.05),
  /** The answer is lost, and the SDK sends the same call once more. */
  CALL_SENT_TWICE(0.05),
  /** An AWS call is throttled, in one of the forms that services have for that. */
  CALL_THROTTLED(0.1),
  /** An AWS call takes many seconds. */
  CALL_SLOW(0.03),
  /** A service answers nothing but errors for a while. */
  SERVICE_DOWN(0.5),
  /** A process ends just before an AWS call. */
  PROCESS_STOPPED_BEFORE(0.02),
  /** A process ends just after an AWS call has taken effect. */
  PROCESS_STOPPED_AFTER(0.02),
  /** A transaction is cancelled for a conflict with another. */
  DYNAMODB_CONFLICT(0.1),
  /** An index or an eventually consistent read is seconds behind. */
  DYNAMODB_STALE(0.5),
  /** BatchGetItem answers for some of its keys only. */
  DYNAMODB_KEYS_UNPROCESSED(0.2),
  /** Items' TTL is over, and DynamoDB has removed them. */
  DYNAMODB_EXPIRED(0),
  /** Items' TTL is over, and DynamoDB has not removed them yet. */
  DYNAMODB_EXPIRED_AND_THERE(0),
  /** A message is delivered although it is in flight or was deleted. */
  SQS_DUPLICATE(0.1),
  /** Messages come in another order than they were sent in. */
  SQS_REORDERED(0.5),
  /** A message becomes visible again while it is worked on. */
  SQS_VISIBLE_TOO_SOON(0.05),
  /** What had reached the dead letters is put back. */
  SQS_REDRIVEN(0.5),
  /** A whole batch is taken for failed, though its messages had done their work. */
  SQS_BATCH_FAILED(0.05),
  /** A message that means nothing. */
  POISON_MESSAGE(0.1),
  /** A dispatch by which the launcher's code fails, each time. */
  POISON_DISPATCH(0.1),
  /** RunTask answers 200 with a failure. */
  ECS_FAILURE_IN_ANSWER(0.1),
  /** RunTask refuses for want of capacity. */
  ECS_NO_CAPACITY(0.1),
  /** RunTask refuses the request. */
  ECS_REFUSED(0.02),
  /** A client token is used with another request: the configuration changed between two calls. */
  ECS_OTHER_CONFIGURATION(0.3),
  /** RunTask starts a second task of the same launch. */
  ECS_SECOND_TASK(0.05),
  /** A new task can't be seen for a while. */
  ECS_NOT_YET_VISIBLE(0.3),
  /** ECS has forgotten a task that stopped an hour ago. */
  ECS_FORGOTTEN(0),
  /** StopTask is answered, and nothing happens. */
  ECS_STOP_LOST(0.2),
  /** A task gets stuck on its way up or down. */
  ECS_STUCK(0.05),
  /** A Spot interruption. */
  ECS_SPOT_INTERRUPTION(0.05),
  /** A task's host is retired. */
  ECS_RETIRED(0.03),
  /** A task stops before its container runs. */
  ECS_FAILED_TO_START(0.05),
  /** A container does not heed SIGTERM. */
  CONTAINER_STUBBORN(0.2),
  /** A container's runner falls silent, and its container does not end. */
  CONTAINER_SILENT(0.05),
  /** A container's runner hangs before it asks for its job. */
  CONTAINER_HANGS(0.25),
  /** A container dies of its memory use. */
  CONTAINER_OUT_OF_MEMORY(0.05),
  /** A container's runner dies without a word. */
  CONTAINER_CRASHED(0.05),
  /** An agent takes longer than its timeout. */
  AGENT_TIMED_OUT(0.05),
  /** An agent fails. */
  AGENT_FAILED(0.1),
  /** A task-state event is lost. */
  EVENT_LOST(0.2),
  /** A task-state event comes twice. */
  EVENT_DUPLICATED(0.1),
  /** A task-state event is late, by up to two hours. */
  EVENT_LATE(0.1),
  /** The bus takes only some of the events it was given. */
  EVENT_REFUSED(0.1),
  /** A batch of the stream is told again though it was done. */
  STREAM_REPEATED(0.1),
  /** The stream's consumer is down for a while. */
  STREAM_DOWN(0.3),
  /** The stream's consumer is down for so long that a record is given up. */
  STREAM_RECORDS_LOST(0.2),
  /** The stream's consumer is down for longer than the stream keeps a record. */
  STREAM_DOWN_FOR_MORE_THAN_A_DAY(0),
  /** Two reconcilers run at once. */
  RECONCILER_TWICE(0.2),
  /** A round of the reconciler is left out. */
  RECONCILER_MISSED(0.2),
  /** The reconciler is down for up to four hours. */
  RECONCILER_DOWN(0.3),
  /** A webhook's endpoint answers with an error. */
  ENDPOINT_FAILED(0.5),
  /** A webhook's endpoint does not answer within its time. */
  ENDPOINT_SILENT(0.2),
  /** A webhook's endpoint takes what it is told, and its answer is lost. */
  ENDPOINT_ANSWER_LOST(0.2),
  /** A webhook's endpoint says that it wants nothing any more. */
  ENDPOINT_GONE(0.05),
  /** A webhook is removed while its tenant works. */
  WEBHOOK_REMOVED(0.3),
  /** A request never arrives. */
  REQUEST_LOST(0.05),
  /** A request is done, but its client never hears. */
  RESPONSE_LOST(0.05),
  /** A client repeats a request under its idempotency key. */
  CLIENT_REPEATS_WITH_KEY(0),
  /** A client repeats a request without a key. */
  CLIENT_REPEATS_WITHOUT_KEY(0),
  /** A client uses a key again when the record of its first use is over, removed or not. */
  CLIENT_USES_OLD_KEY(0),
  /** A client repeats a request before the first is answered. */
  CLIENT_IMPATIENT(0.3),
  /** One of several tenants asks for many times what the others do. */
  CLIENT_NOISY(0),
  /** A dispatch is cancelled at a random moment. */
  CLIENT_CANCELS(0.3),
  /** A key is revoked while its tenant works. */
  KEY_REVOKED(0.3),
  /** A tenant gets another tier. */
  TIER_CHANGED(0.3),
  /** A tenant is suspended for a while. */
  TENANT_SUSPENDED(0.1),
  /** Processes' clocks differ by seconds. */
  CLOCKS_DIFFER(0.5);

  private final double mostRate;

  Fault(double mostRate) {
    this.mostRate = mostRate;
  }

  /** The highest rate that a history draws for it; zero for what follows from others. */
  double mostRate() {
    return mostRate;
  }
}
