package dev.outpost.lambda;

import dev.outpost.functions.api.ApiFunction;
import dev.outpost.functions.authorizer.AuthorizerFunction;
import dev.outpost.functions.launcher.LauncherFunction;
import dev.outpost.functions.reconciler.ReconcilerFunction;
import dev.outpost.functions.relay.RelayFunction;
import dev.outpost.functions.runner.RunnerFunction;
import dev.outpost.functions.taskevents.TaskEventsFunction;
import dev.outpost.functions.webhooks.WebhooksFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The functions that are deployed, by the names of their folders. */
public enum LambdaFunction {
  /** Authorises API keys. */
  authorizer(AuthorizerFunction.class, AuthorizerFunction.MEMORY_MB),
  /** The HTTP API. */
  api(ApiFunction.class, ApiFunction.MEMORY_MB),
  /** Claims and reports of runners. */
  runner(RunnerFunction.class, RunnerFunction.MEMORY_MB),
  /** Starts tasks. */
  launcher(LauncherFunction.class, LauncherFunction.MEMORY_MB),
  /** Folds task-state events in. */
  taskevents(TaskEventsFunction.class, TaskEventsFunction.MEMORY_MB),
  /** Enacts what follows from changes. */
  relay(RelayFunction.class, RelayFunction.MEMORY_MB),
  /** Heals what events missed. */
  reconciler(ReconcilerFunction.class, ReconcilerFunction.MEMORY_MB),
  /** Tells the endpoints of webhooks. */
  webhooks(WebhooksFunction.class, WebhooksFunction.MEMORY_MB);

  private final Class<?> handler;
  private final int memoryMb;

  LambdaFunction(Class<?> handler, int memoryMb) {
    this.handler = handler;
    this.memoryMb = memoryMb;
  }

  /** Its handler, as Lambda is told. */
  public String handler() {
    return handler.getName();
  }

  /** The memory that it is deployed with, in MB. */
  public int memoryMb() {
    return memoryMb;
  }

  /**
   * Its package below that root of the house, as the build staged it.
   *
   * @throws IOException when there is none
   */
  public Path folder(Path root) throws IOException {
    Path folder = root.resolve("functions").resolve(name()).resolve("target/function");
    if (!Files.isDirectory(folder.resolve("lib"))) {
      throw new IOException(folder + " is not there; ./mvnw package makes it");
    }
    return folder;
  }

  /** Its sample event, a JSON document. */
  public String event(Path root) throws IOException {
    return Files.readString(root.resolve("events").resolve(name() + ".json"));
  }
}
