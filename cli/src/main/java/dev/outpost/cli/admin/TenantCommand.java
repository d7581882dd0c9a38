package dev.outpost.cli.admin;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Administers tenants. */
@Command(name = "tenant", description = "Creates, shows and changes tenants.")
public final class TenantCommand {
  private TenantCommand() {}

  /** The command and its subcommands on those ports. */
  public static CommandLine line(Administration on, Where where) {
    CommandLine line = new CommandLine(new TenantCommand());
    line.addMixin("where", where);
    for (AdminCommand command :
        List.of(
            new Create(on),
            new All(on),
            new Show(on),
            new Suspend(on),
            new Resume(on),
            new SetTier(on))) {
      line.addSubcommand(command);
    }
    return Words.taughtTo(line);
  }

  @Command(
      name = "create",
      description = "Creates a tenant and its first key, which is shown once.")
  private static final class Create extends AdminCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Its name, for people.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "EMAIL", description = "Whom to write to.")
    private String email = "";

    @Option(
        names = "--tier",
        paramLabel = "TIER",
        defaultValue = "free",
        description = "free, starter, pro or enterprise (default ${DEFAULT-VALUE}).")
    private Tier tier;

    Create(Administration on) {
      super(on);
    }

    @Override
    public Integer call() {
      Tenant tenant =
          new Tenant(
              TenantId.random(),
              Words.name("a tenant's name", name),
              Words.email(email),
              tier,
              false,
              on().clock().instant());
      on().tenants().create(tenant);
      // The owner's key; `key create` makes smaller ones beside it.
      NewKey key = NewKey.of(on(), tenant, Set.of(Scope.ADMIN), "first", Optional.empty());
      if (json()) {
        Map<String, Object> document = new LinkedHashMap<>(Answers.document(tenant));
        document.put("apiKey", Answers.document(key.stored(), key.secret(), tenant.createdAt()));
        out().println(Answers.json(document));
      } else {
        Answers.tell(out(), tenant);
        Answers.tell(out(), key.stored(), key.secret());
      }
      return ExitCode.OK.number();
    }
  }

  @Command(name = "list", description = "Lists all tenants, oldest first.")
  private static final class All extends AdminCommand {
    All(Administration on) {
      super(on);
    }

    @Override
    public Integer call() {
      List<Tenant> tenants = on().tenants().list();
      if (json()) {
        out()
            .println(
                Answers.json(Map.of("tenants", tenants.stream().map(Answers::document).toList())));
      } else {
        Answers.tenants(tenants).lines(Integer.MAX_VALUE).forEach(out()::println);
      }
      return ExitCode.OK.number();
    }
  }

  /** A command about one tenant. */
  private abstract static class One extends AdminCommand {
    @Parameters(paramLabel = "TENANT", description = "The tenant's id.")
    private TenantId id;

    One(Administration on) {
      super(on);
    }

    final TenantId id() {
      return id;
    }

    abstract Tenant after();

    @Override
    public final Integer call() {
      answer(after());
      return ExitCode.OK.number();
    }
  }

  @Command(name = "show", description = "Shows a tenant.")
  private static final class Show extends One {
    Show(Administration on) {
      super(on);
    }

    @Override
    Tenant after() {
      return find(id());
    }
  }

  @Command(
      name = "suspend",
      description = "Locks a tenant out: its keys get 403 and its waiting dispatches don't start.")
  private static final class Suspend extends One {
    Suspend(Administration on) {
      super(on);
    }

    @Override
    Tenant after() {
      return known(on().tenants().update(id(), tenant -> tenant.withSuspended(true)), id());
    }
  }

  @Command(name = "resume", description = "Lets a suspended tenant in again.")
  private static final class Resume extends One {
    Resume(Administration on) {
      super(on);
    }

    @Override
    Tenant after() {
      return known(on().tenants().update(id(), tenant -> tenant.withSuspended(false)), id());
    }
  }

  @Command(name = "set-tier", description = "Moves a tenant to another tier.")
  private static final class SetTier extends One {
    @Parameters(index = "1", paramLabel = "TIER", description = "free, starter, pro or enterprise.")
    private Tier tier;

    SetTier(Administration on) {
      super(on);
    }

    @Override
    Tenant after() {
      return known(on().tenants().update(id(), tenant -> tenant.withTier(tier)), id());
    }
  }
}
