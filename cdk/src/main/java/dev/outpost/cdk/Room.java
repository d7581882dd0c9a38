package dev.outpost.cdk;

import dev.outpost.functions.api.ApiFunction;
import dev.outpost.functions.authorizer.AuthorizerFunction;
import dev.outpost.functions.launcher.LauncherFunction;
import dev.outpost.functions.reconciler.ReconcilerFunction;
import dev.outpost.functions.relay.RelayFunction;
import dev.outpost.functions.runner.RunnerFunction;
import dev.outpost.functions.taskevents.TaskEventsFunction;
import dev.outpost.functions.webhooks.WebhooksFunction;
import java.util.Locale;

/**
 * The functions. A room's word is its directory, its package, its construct, its logical id and its
 * sample event.
 *
 * <p>Memory buys processor time, a whole processor comes with 1,769 MB (AWS Lambda Developer Guide,
 * "Configure Lambda function memory"), and is paid for also while a function waits, which is most
 * of its time. So each function says how much it needs, and {@code ./outpost bench cost} reckons
 * with the same.
 */
enum Room {
  /** Tells whose a key is. API Gateway waits 10 seconds for an authoriser. */
  AUTHORIZER(AuthorizerFunction.class, AuthorizerFunction.MEMORY_MB, 10),
  /** Answers clients; API Gateway waits 30 seconds, a client's long poll 20. */
  API(ApiFunction.class, ApiFunction.MEMORY_MB, 29),
  /** Answers runners, on an address of its own. */
  RUNNER(RunnerFunction.class, RunnerFunction.MEMORY_MB, 29),
  /** Starts and stops tasks: a batch of five, six seconds for each. */
  LAUNCHER(LauncherFunction.class, LauncherFunction.MEMORY_MB, 30),
  /** Takes the news of tasks. */
  TASKEVENTS(TaskEventsFunction.class, TaskEventsFunction.MEMORY_MB, 30),
  /** Enacts what follows from changes. */
  RELAY(RelayFunction.class, RelayFunction.MEMORY_MB, 60),
  /** Heals what no event told. Ends before the next round begins. */
  RECONCILER(ReconcilerFunction.class, ReconcilerFunction.MEMORY_MB, 55),
  /** Tells webhooks: a batch of five, ten seconds for each endpoint, and ten for our own part. */
  WEBHOOKS(WebhooksFunction.class, WebhooksFunction.MEMORY_MB, 60);

  private final Class<?> handler;
  private final int memoryMb;
  private final int timeoutSeconds;

  Room(Class<?> handler, int memoryMb, int timeoutSeconds) {
    this.handler = handler;
    this.memoryMb = memoryMb;
    this.timeoutSeconds = timeoutSeconds;
  }

  /** The whiteboard word. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The class that Lambda makes an instance of. */
  String handler() {
    return handler.getName();
  }

  int memoryMb() {
    return memoryMb;
  }

  int timeoutSeconds() {
    return timeoutSeconds;
  }
}
