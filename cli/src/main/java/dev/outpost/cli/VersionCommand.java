package dev.outpost.cli;

import dev.outpost.cli.shell.Shell;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** Tells which Outpost this is. */
@Command(name = "version", description = "Tells which Outpost this is, and on which Java.")
final class VersionCommand implements Runnable {
  private final Shell shell;

  VersionCommand(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public void run() {
    shell.printer().println(text());
  }

  /** The version in the jar's manifest; classes outside a jar have none. */
  private static String text() {
    String version =
        Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
            .orElse("(not packaged)");
    return "outpost " + version + " on Java " + Runtime.version().feature();
  }

  /** For {@code --version}. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {text()};
    }
  }
}
