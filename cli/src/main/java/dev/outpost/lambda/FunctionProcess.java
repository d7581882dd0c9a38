package dev.outpost.lambda;

import dev.outpost.machine.HostData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that serves invocations, with the Runtime API that it talks to. It sees no variable of
 * this process's environment.
 */
public final class FunctionProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final RuntimeApi api;
  private final Process process;
  private final Path output;
  private final long begin;

  private FunctionProcess(RuntimeApi api, Process process, Path output, long begin) {
    this.api = api;
    this.process = process;
    this.output = output;
    this.begin = begin;
  }

  /**
   * How a process is started.
   *
   * @param command the command line
   * @param folder its working directory: where Lambda's runtime looks for {@code lib/*.jar}
   * @param environment its variables, beside the address of the Runtime API
   */
  public record Command(List<String> command, Path folder, Map<String, String> environment) {
    /** Copies. */
    public Command {
      command = List.copyOf(command);
      Objects.requireNonNull(folder, "folder");
      environment = Map.copyOf(environment);
    }

    /**
     * A function's package under the runtime interface client, as on the managed runtime: the
     * client is on the class path, and loads what lies in the package's {@code lib}.
     *
     * @param client the folder with the client's jars
     * @param options of the JVM
     * @param handler the handler's class
     */
    public static Command managed(
        Path client,
        List<String> options,
        Path folder,
        String handler,
        Map<String, String> variables)
        throws IOException {
      return new Command(java(options, List.of(client), handler), folder, variables);
    }

    /**
     * The same on one class path, as in an image, where an archive of classes may hold them all.
     *
     * @param empty an empty folder to work in, so that the client finds no package there
     */
    public static Command image(
        Path client,
        List<String> options,
        Path folder,
        Path empty,
        String handler,
        Map<String, String> variables)
        throws IOException {
      return new Command(
          java(options, List.of(client, folder.resolve("lib")), handler), empty, variables);
    }

    /**
     * A JVM's options for the collector and the heap that Lambda gives a function: 85 % of its
     * memory, as the command lines show that functions of the Java 17 runtime printed ({@code
     * -XX:MaxHeapSize=445645k} of 512 MB). The JVM takes the function's memory for the machine's,
     * which it is there.
     */
    public static List<String> lambdas(int memoryMb) {
      return List.of(
          "-XX:+UseSerialGC",
          "-XX:MaxRAM=" + memoryMb + "m",
          "-XX:MaxHeapSize=" + memoryMb * 1024L * 85 / 100 + "k");
    }

    private static List<String> java(List<String> options, List<Path> folders, String handler)
        throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(options);
      // The first registers the runtime's own implementation of CRaC, as the managed runtime does.
      command.add("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
      command.add("-cp");
      command.add(classPath(folders));
      command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
      command.add(handler);
      return command;
    }

    private static String classPath(List<Path> folders) throws IOException {
      List<String> jars = new ArrayList<>();
      for (Path folder : folders) {
        try (Stream<Path> files = Files.list(folder)) {
          files
              .map(Path::toString)
              .filter(name -> name.endsWith(".jar"))
              .sorted()
              .forEach(jars::add);
        }
      }
      return String.join(System.getProperty("path.separator"), jars);
    }
  }

  /**
   * Starts one; returns at once.
   *
   * @param output where what it prints goes
   */
  public static FunctionProcess start(Command command, Path output, InstantSource clock)
      throws IOException {
    RuntimeApi api = RuntimeApi.start(clock);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command.command())
              .directory(command.folder().toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().clear();
      builder.environment().putAll(command.environment());
      builder.environment().put("AWS_LAMBDA_RUNTIME_API", api.address());
      long begin = System.nanoTime();
      return new FunctionProcess(api, builder.start(), output, begin);
    } catch (IOException | RuntimeException e) {
      api.close();
      throw e;
    }
  }

  /**
   * Waits until it takes events, or waits for the restore of its snapshot.
   *
   * @return the error that its start ended with; empty when it is ready
   */
  public Optional<String> awaitReady() throws InterruptedException {
    return api.awaitReady(PATIENCE);
  }

  /** Lets it go on after its snapshot. */
  public void restore() {
    api.restore();
  }

  /** Gives it an event. */
  public Invocation invoke(String event) throws InterruptedException {
    return api.invoke(event, PATIENCE);
  }

  /** The time since it was started, in nanoseconds. */
  public long sinceStart() {
    return System.nanoTime() - begin;
  }

  /**
   * The CPU time that it has taken so far, in nanoseconds, to the operating system's tick: what
   * other programs' work does not lengthen.
   */
  public long cpuNanos() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  /** The most memory that it has had so far, in MB; empty where the system does not tell. */
  public Optional<Double> peakMegabytes() {
    return HostData.peakMb(process.pid());
  }

  /** What it printed so far. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets it end by itself, which it does when it is told to by a signal. */
  public void end() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    api.close();
  }
}
