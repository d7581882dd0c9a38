package dev.outpost.cli.admin;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Administers a tenant's keys. */
@Command(name = "key", description = "Creates, lists and revokes a tenant's API keys.")
public final class KeyCommand {
  private KeyCommand() {}

  /** The command and its subcommands on those ports. */
  public static CommandLine line(Administration on, Where where) {
    CommandLine line = new CommandLine(new KeyCommand());
    line.addMixin("where", where);
    for (AdminCommand command : List.of(new Create(on), new All(on), new Revoke(on))) {
      line.addSubcommand(command);
    }
    return Words.taughtTo(line);
  }

  /** A command about one tenant's keys. */
  private abstract static class OfTenant extends AdminCommand {
    @Parameters(index = "0", paramLabel = "TENANT", description = "The tenant's id.")
    private TenantId tenant;

    OfTenant(Administration on) {
      super(on);
    }

    final TenantId tenant() {
      return tenant;
    }
  }

  @Command(name = "create", description = "Makes a key, which is shown once.")
  private static final class Create extends OfTenant {
    @Option(
        names = "--scope",
        split = ",",
        paramLabel = "SCOPE",
        description =
            "What it may do: dispatch, status, list, cancel, delete, promote, admin; may be"
                + " repeated (default: dispatch, status, list, cancel).")
    private Set<Scope> scopes = EnumSet.noneOf(Scope.class);

    @Option(names = "--label", paramLabel = "TEXT", description = "What its owner calls it.")
    private Optional<String> label = Optional.empty();

    @Option(
        names = "--expires-in",
        paramLabel = "TIME",
        description = "When it stops to work: 90d, 12h, 2w (default: never).")
    private Optional<Duration> expiresIn = Optional.empty();

    Create(Administration on) {
      super(on);
    }

    @Override
    public Integer call() {
      Set<Scope> wanted =
          scopes.isEmpty()
              ? EnumSet.of(Scope.DISPATCH, Scope.STATUS, Scope.LIST, Scope.CANCEL)
              : scopes;
      String called = Words.name("a key's label", label.orElse("key"));
      NewKey key = NewKey.of(on(), find(tenant()), wanted, called, expiresIn);
      if (json()) {
        Instant now = on().clock().instant();
        out().println(Answers.json(Answers.document(key.stored(), key.secret(), now)));
      } else {
        Answers.tell(out(), key.stored(), key.secret());
      }
      return ExitCode.OK.number();
    }
  }

  @Command(name = "list", description = "Lists a tenant's keys, oldest first.")
  private static final class All extends OfTenant {
    All(Administration on) {
      super(on);
    }

    @Override
    public Integer call() {
      Instant now = on().clock().instant();
      List<ApiKey> keys = on().tenants().keys(find(tenant()).id());
      if (json()) {
        out()
            .println(
                Answers.json(
                    Map.of("keys", keys.stream().map(k -> Answers.document(k, now)).toList())));
      } else {
        Answers.keys(keys, now).lines(Integer.MAX_VALUE).forEach(out()::println);
      }
      return ExitCode.OK.number();
    }
  }

  @Command(name = "revoke", description = "Revokes a key; it stops to work at once.")
  private static final class Revoke extends OfTenant {
    @Parameters(index = "1", paramLabel = "KEY", description = "The key's id.")
    private String keyId = "";

    Revoke(Administration on) {
      super(on);
    }

    @Override
    public Integer call() {
      Instant now = on().clock().instant();
      ApiKey key =
          on().tenants()
              .revokeKey(tenant(), keyId, now)
              .orElseThrow(
                  () ->
                      Refusal.refused(
                          "NOT_FOUND",
                          "tenant " + tenant() + " has no key " + keyId,
                          List.of("see: outpost key list " + tenant())));
      if (json()) {
        out().println(Answers.json(Answers.document(key, now)));
      } else {
        out().println("revoked " + key.keyId() + " (" + key.prefix() + "…)");
      }
      return ExitCode.OK.number();
    }
  }
}
