package dev.outpost.cli.client;

import dev.outpost.cli.shell.Shell;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that every client of the API shares. */
final class ConnectionOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The API's address (OUTPOST_API_URL; else the credentials file).")
  private Optional<String> url = Optional.empty();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The API key (OUTPOST_API_KEY; else the credentials file).")
  private Optional<String> key = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The data folder of `outpost up`, where the credentials file is (.outpost here, else"
              + " beside the outpost script).")
  private Optional<Path> data = Optional.empty();

  Api api(Shell shell) {
    return new Api(Connection.find(shell, url, key, data));
  }
}
