package dev.outpost.cli.client;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.SpeaksJson;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands share that ask the API and tell of its answer, to people or as JSON. */
abstract class ApiCommand implements Callable<Integer>, SpeaksJson {
  private final Shell shell;

  @Mixin private ConnectionOptions connection;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  ApiCommand(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  final Shell shell() {
    return shell;
  }

  final Api api() {
    return connection.api(shell);
  }

  @Override
  public final boolean json() {
    return json;
  }

  final Integer tell(Map<String, Object> answer, String sentence) {
    shell.printer().println(json ? Json.print(answer) : sentence);
    return ExitCode.OK.number();
  }
}
