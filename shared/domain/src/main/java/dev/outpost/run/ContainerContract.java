package dev.outpost.run;

/** What launcher and container agree on: environment variables in, exit code out. */
public final class ContainerContract {
  /** Base URL of the runner gateway. */
  public static final String API_URL = "OUTPOST_API_URL";

  /** The dispatch's id. */
  public static final String DISPATCH_ID = "OUTPOST_DISPATCH_ID";

  /** Which launch of the dispatch this is, from 1. */
  public static final String ATTEMPT = "OUTPOST_ATTEMPT";

  /** The one-time claim token. */
  public static final String CLAIM_TOKEN = "OUTPOST_CLAIM_TOKEN";

  /** The ARN of the task; set by stand-ins of ECS, which has an endpoint to ask for it. */
  public static final String TASK_ARN = "OUTPOST_TASK_ARN";

  /** Where a container on ECS asks about itself (Developer Guide, "Task metadata endpoint v4"). */
  public static final String METADATA_URI = "ECS_CONTAINER_METADATA_URI_V4";

  /** An empty directory for the work tree and the runner's own files; optional. */
  public static final String WORK_DIR = "OUTPOST_WORK_DIR";

  /** Where an agent that is to return data writes its JSON; only in such an agent's environment. */
  public static final String OUTPUT = "OUTPOST_OUTPUT";

  /** Whom the agent runs as, {@code uid:gid} in numbers; as the runner itself when absent. */
  public static final String AGENT_USER = "OUTPOST_AGENT_USER";

  /** The name of the one container of an agent's task definition. */
  public static final String CONTAINER = "agent";

  /** The agent succeeded and its result was reported. */
  public static final int EXIT_SUCCESS = 0;

  /** The run failed; the reported result says why. */
  public static final int EXIT_FAILED = 1;

  /** The claim was refused: nothing was touched. */
  public static final int EXIT_NOT_CLAIMED = 75;

  /** The dispatch's time was up (the convention of coreutils' {@code timeout}). */
  public static final int EXIT_TIMEOUT = 124;

  /** Killed by SIGKILL, as for its memory use (128 + 9). */
  public static final int EXIT_KILLED = 137;

  /** The run was stopped from outside (128 + 15). */
  public static final int EXIT_STOPPED = 143;

  private ContainerContract() {}
}
