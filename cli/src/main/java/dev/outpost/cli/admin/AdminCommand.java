package dev.outpost.cli.admin;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.SpeaksJson;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every such command has: the ports, where to print, and in which form. */
abstract class AdminCommand implements Callable<Integer>, SpeaksJson {
  private final Administration on;

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  AdminCommand(Administration on) {
    this.on = Objects.requireNonNull(on, "on");
  }

  final Administration on() {
    return on;
  }

  /** Not the process's: inside `outpost up` it leads back to whoever typed the command. */
  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Override
  public final boolean json() {
    return json;
  }

  final void answer(Tenant tenant) {
    if (json) {
      out().println(Answers.json(Answers.document(tenant)));
    } else {
      Answers.tell(out(), tenant);
    }
  }

  final Tenant find(TenantId id) {
    return known(on.tenants().find(id), id);
  }

  static Tenant known(Optional<Tenant> found, TenantId id) {
    return found.orElseThrow(
        () ->
            Refusal.refused(
                "NOT_FOUND", "there is no tenant " + id, List.of("see: outpost tenant list")));
  }
}
