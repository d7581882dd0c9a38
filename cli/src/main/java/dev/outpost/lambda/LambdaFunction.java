package dev.outpost.lambda;

import dev.outpost.functions.api.ApiFunction;
import dev.outpost.functions.authorizer.AuthorizerFunction;
import dev.outpost.functions.launcher.LauncherFunction;
import dev.outpost.functions.reconciler.ReconcilerFunction;
import dev.outpost.functions.relay.RelayFunction;
import dev.outpost.functions.runner.RunnerFunction;
import dev.outpost.functions.taskevents.TaskEventsFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The functions that are deployed, by the names of their folders. */
public enum LambdaFunction {
  /** Authorises API keys. */
  authorizer(AuthorizerFunction.class),
  /** The HTTP API. */
  api(ApiFunction.class),
  /** Claims and reports of runners. */
  runner(RunnerFunction.class),
  /** Starts tasks. */
  launcher(LauncherFunction.class),
  /** Folds task-state events in. */
  taskevents(TaskEventsFunction.class),
  /** Enacts what follows from changes. */
  relay(RelayFunction.class),
  /** Heals what events missed. */
  reconciler(ReconcilerFunction.class);

  private final Class<?> handler;

  LambdaFunction(Class<?> handler) {
    this.handler = handler;
  }

  /** Its handler, as Lambda is told. */
  public String handler() {
    return handler.getName();
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
