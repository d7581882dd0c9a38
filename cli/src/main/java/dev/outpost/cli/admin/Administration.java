package dev.outpost.cli.admin;

import dev.outpost.Ulids;
import dev.outpost.cli.shell.Complaints;
import dev.outpost.tenant.Tenants;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/**
 * What the {@code tenant}, {@code key} and {@code redrive} commands work on: the same commands on a
 * deployed stage and inside {@code outpost up}.
 *
 * @param store gives the tenants and their keys, once a command really needs them
 * @param deadLetters gives a queue's dead letters
 * @param clock the time
 * @param random a cryptographic generator in production: keys come from it
 * @param ulids ids of keys
 */
public record Administration(
    Supplier<Tenants> store,
    Function<QueueName, DeadLetters> deadLetters,
    InstantSource clock,
    RandomGenerator random,
    Ulids ulids) {

  /** Refuses nulls. */
  public Administration {
    Objects.requireNonNull(store, "store");
    Objects.requireNonNull(deadLetters, "deadLetters");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(random, "random");
    Objects.requireNonNull(ulids, "ulids");
  }

  /** On those ports, with key ids of its own. */
  public static Administration on(
      Supplier<Tenants> store,
      Function<QueueName, DeadLetters> deadLetters,
      InstantSource clock,
      RandomGenerator random) {
    return new Administration(store, deadLetters, clock, random, new Ulids(clock, random));
  }

  /** The tenants and their keys. */
  public Tenants tenants() {
    return store.get();
  }

  /** A fresh command line that serves these commands only. */
  public CommandLine commandLine() {
    CommandLine line = new CommandLine(new Root());
    Where where = new Where();
    line.addSubcommand("tenant", TenantCommand.line(this, where));
    line.addSubcommand("key", KeyCommand.line(this, where));
    line.addSubcommand("redrive", RedriveCommand.line(this, where));
    return Complaints.toldBy(line);
  }

  @Command(name = "outpost", mixinStandardHelpOptions = true, scope = ScopeType.INHERIT)
  private static final class Root {}
}
