package dev.outpost.cli.admin;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which installation is meant. */
public final class Where {
  /** The option that names a deployed stage. */
  public static final String STAGE = "--stage";

  @Option(
      names = STAGE,
      scope = ScopeType.INHERIT,
      paramLabel = "NAME",
      description =
          "That deployed stage, with the AWS credentials of the environment"
              + " (default: the running `outpost up`).")
  private Optional<String> stage = Optional.empty();

  @Option(
      names = "--data",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description = "The data folder of `outpost up` (.outpost here, else beside the script).")
  private Optional<Path> data = Optional.empty();

  /** The stage, unless the machine here is meant. */
  public Optional<String> stage() {
    return stage;
  }

  /** The data folder that was asked for. */
  public Optional<Path> data() {
    return data;
  }
}
