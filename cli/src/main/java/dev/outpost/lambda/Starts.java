package dev.outpost.lambda;

import dev.outpost.cli.shell.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Starts of functions, one after another. */
final class Starts {
  private final Path root;
  private final Path folder;
  private final Path client;
  private final Path empty;
  private final InstantSource clock;

  /** Of the packages below that root; what is needed for a while goes to that folder. */
  Starts(Path root, Path folder, InstantSource clock) throws IOException {
    this.root = Objects.requireNonNull(root, "root");
    this.folder = Objects.requireNonNull(folder, "folder");
    this.client = root.resolve("cli/target/outpost/runtime-client");
    this.empty = Files.createDirectories(folder.resolve("empty"));
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** What a function finds in its environment, with that AWS. */
  static Map<String, String> environment(AwsAnswers aws) {
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_REGION", "eu-central-1");
    environment.put("AWS_ACCESS_KEY_ID", "local");
    environment.put("AWS_SECRET_ACCESS_KEY", "local");
    environment.put("AWS_ENDPOINT_URL", aws.url());
    environment.put("AWS_LAMBDA_FUNCTION_NAME", "outpost");
    environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512");
    environment.put("OUTPOST_STAGE", "bench");
    environment.put("OUTPOST_LAUNCH_QUEUE_URL", aws.url() + "/000000000000/launch");
    environment.put("OUTPOST_ARTIFACTS_BUCKET", "outpost-artifacts");
    environment.put("OUTPOST_BUS_NAME", "outpost-bench");
    environment.put("OUTPOST_API_URL", "https://api.example.com");
    environment.put("OUTPOST_CLUSTER", "outpost");
    environment.put("OUTPOST_SUBNETS", "subnet-1");
    environment.put("OUTPOST_SECURITY_GROUPS", "sg-1");
    environment.put("OUTPOST_CREDENTIALS", "ANTHROPIC_API_KEY");
    environment.put("OUTPOST_AGENTS_ENABLED", "script");
    return environment;
  }

  FunctionProcess start(FunctionProcess.Command command) throws IOException {
    return FunctionProcess.start(command, Files.createTempFile(folder, "output", ".log"), clock);
  }

  /** The archive that later starts with these options use. */
  void record(LambdaFunction function, StartOptions options, AwsAnswers aws)
      throws IOException, InterruptedException {
    Path archive = archive(function, options);
    try (FunctionProcess process =
        start(image(function, options, options.recording() + archive, aws))) {
      answered(process, function);
      process.end();
      if (!Files.exists(archive)) {
        throw Refusal.local("no archive was made:\n" + process.output());
      }
    }
  }

  /**
   * A start and its first answer.
   *
   * @param nanos from the start of the process to its answer
   * @param cpuNanos the CPU time that it took
   */
  record Cold(long nanos, long cpuNanos) {}

  /** Starts one and waits for its first answer. */
  Cold cold(LambdaFunction function, StartOptions options, AwsAnswers aws)
      throws IOException, InterruptedException {
    try (FunctionProcess process =
        start(
            options.forImages()
                ? image(function, options, options.archive() + archive(function, options), aws)
                : managed(function, options, environment(aws)))) {
      answered(process, function);
      return new Cold(process.sinceStart(), process.cpuNanos());
    }
  }

  /** A process that was initialised and has rehearsed, and is as a restored one. */
  FunctionProcess restored(LambdaFunction function, StartOptions options, AwsAnswers aws)
      throws IOException, InterruptedException {
    Map<String, String> variables = environment(aws);
    variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    FunctionProcess process = start(managed(function, options, variables));
    if (process.awaitReady().isPresent()) {
      process.close();
      throw Refusal.local("the function did not start:\n" + process.output());
    }
    process.restore();
    return process;
  }

  private void answered(FunctionProcess process, LambdaFunction function)
      throws IOException, InterruptedException {
    if (process.invoke(function.event(root)) instanceof Invocation.Failed failed) {
      throw Refusal.local(function + " failed: " + failed.body() + "\n" + process.output());
    }
  }

  private FunctionProcess.Command managed(
      LambdaFunction function, StartOptions options, Map<String, String> variables)
      throws IOException {
    return FunctionProcess.Command.managed(
        client, options.options(), function.folder(root), function.handler(), variables);
  }

  private FunctionProcess.Command image(
      LambdaFunction function, StartOptions options, String archive, AwsAnswers aws)
      throws IOException {
    List<String> all = new ArrayList<>(options.options());
    all.add(archive);
    return FunctionProcess.Command.image(
        client, all, function.folder(root), empty, function.handler(), environment(aws));
  }

  private Path archive(LambdaFunction function, StartOptions options) {
    return folder.resolve(function + "-" + options.name().replace(' ', '-') + ".archive");
  }
}
