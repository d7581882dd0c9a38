package dev.outpost.lambda;

import dev.outpost.cli.shell.Refusal;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Starts of functions, one after another. */
final class Starts {
  private final Path folder;
  private final Path client;
  private final Path empty;
  private final Map<String, String> deployed = new HashMap<>();
  private final Optional<Path> httpClient;
  private final InstantSource clock;

  /**
   * Of the packages below that root.
   *
   * @param folder what is needed for a while goes there
   * @param httpClient a folder with jars that are to take the place of the packages' HTTP client
   */
  Starts(Path root, Path folder, Optional<Path> httpClient, InstantSource clock)
      throws IOException {
    this.folder = Objects.requireNonNull(folder, "folder");
    this.client = root.resolve("cli/target/outpost/runtime-client");
    this.empty = Files.createDirectories(folder.resolve("empty"));
    Properties variables = new Properties();
    try (Reader file = Files.newBufferedReader(root.resolve("functions/environment.properties"))) {
      variables.load(file);
    }
    variables
        .stringPropertyNames()
        .forEach(name -> deployed.put(name, variables.getProperty(name)));
    this.httpClient = Objects.requireNonNull(httpClient, "httpClient");
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
    environment.put("OUTPOST_DELIVERY_QUEUE_URL", aws.url() + "/000000000000/webhooks");
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
  void record(Subject subject, StartOptions options) throws IOException, InterruptedException {
    Path archive = archive(subject, options);
    try (FunctionProcess process = start(image(subject, options, options.recording() + archive))) {
      answered(process, subject);
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
  Cold cold(Subject subject, StartOptions options) throws IOException, InterruptedException {
    try (FunctionProcess process =
        start(
            options.forImages()
                ? image(subject, options, options.archive() + archive(subject, options))
                : managed(subject, options, Map.of()))) {
      answered(process, subject);
      return new Cold(process.sinceStart(), process.cpuNanos());
    }
  }

  /** A process that was initialised and has rehearsed, and is as a restored one. */
  FunctionProcess restored(Subject subject, StartOptions options)
      throws IOException, InterruptedException {
    FunctionProcess process =
        start(managed(subject, options, Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")));
    if (process.awaitReady().isPresent()) {
      process.close();
      throw Refusal.local("the function did not start:\n" + process.output());
    }
    process.restore();
    return process;
  }

  private static void answered(FunctionProcess process, Subject subject)
      throws InterruptedException {
    if (process.invoke(subject.event()) instanceof Invocation.Failed failed) {
      throw Refusal.local(subject.name() + " failed: " + failed.body() + "\n" + process.output());
    }
  }

  private FunctionProcess.Command managed(
      Subject subject, StartOptions options, Map<String, String> besides) throws IOException {
    Map<String, String> variables = variables(subject, options);
    variables.putAll(besides);
    return FunctionProcess.Command.managed(
        client, options(subject, options), folder(subject), subject.handler(), variables);
  }

  private FunctionProcess.Command image(Subject subject, StartOptions options, String archive)
      throws IOException {
    List<String> all = new ArrayList<>(options(subject, options));
    all.add(archive);
    return FunctionProcess.Command.image(
        client, all, folder(subject), empty, subject.handler(), variables(subject, options));
  }

  private static List<String> options(Subject subject, StartOptions options) {
    List<String> all = new ArrayList<>(FunctionProcess.Command.lambdas(subject.memoryMb()));
    all.addAll(options.options());
    return all;
  }

  private Map<String, String> variables(Subject subject, StartOptions options) {
    Map<String, String> variables = environment(subject.aws());
    if (options.deployed()) {
      variables.putAll(deployed);
    }
    return variables;
  }

  /** The subject's package, or a copy of it with the other HTTP client. */
  private Path folder(Subject subject) throws IOException {
    if (httpClient.isEmpty()) {
      return subject.folder();
    }
    Path copy = folder.resolve(subject.name());
    if (!Files.isDirectory(copy)) {
      Path lib = Files.createDirectories(copy.resolve("lib"));
      for (Path jar : jars(subject.folder().resolve("lib"))) {
        if (!jar.getFileName().toString().startsWith("apache-client-")) {
          Files.copy(jar, lib.resolve(jar.getFileName()));
        }
      }
      for (Path jar : jars(httpClient.get())) {
        Files.copy(jar, lib.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return copy;
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }

  private Path archive(Subject subject, StartOptions options) {
    return folder.resolve((subject.name() + "-" + options.name()).replace(' ', '-') + ".archive");
  }
}
