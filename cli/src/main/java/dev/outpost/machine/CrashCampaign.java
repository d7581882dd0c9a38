package dev.outpost.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.control.ControlClient;
import dev.outpost.cli.control.Outcome;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Runs the one-machine runtime under load, kills it, its runners and their agents again and again,
 * and at last looks whether all that was accepted came to a true end.
 *
 * <p>The seed decides what is dispatched and which blows are dealt in which order; what a blow hits
 * is decided by the operating system's scheduler too, so a seed repeats a campaign's plan, not its
 * every step.
 */
final class CrashCampaign {
  /** Enough for a queue of tasks that take their time. */
  private static final Duration UNTIL_ALL_ENDED = Duration.ofMinutes(5);

  private static final Duration UNTIL_NOTHING_LIVES = Duration.ofSeconds(20);
  private static final int LONGEST_PAUSE_MILLIS = 1_500;
  private static final int GIT_SECONDS = 60;

  /** The tiers of the tenants that a campaign begins with. */
  private static final List<Tier> TIERS =
      List.of(Tier.FREE, Tier.STARTER, Tier.PRO, Tier.ENTERPRISE);

  private final Path folder;
  private final long seed;
  private final int load;
  private final Consumer<String> progress;

  /**
   * A campaign.
   *
   * @param folder an empty folder for all that it makes
   * @param seed of its plan
   * @param load how many clients dispatch at the same time
   * @param progress is told a line for each blow
   */
  CrashCampaign(Path folder, long seed, int load, Consumer<String> progress) {
    this.folder = folder.toAbsolutePath();
    this.seed = seed;
    this.load = load;
    this.progress = progress;
  }

  /**
   * What came of a campaign.
   *
   * @param blows how often each was dealt
   * @param missed how often there was nothing to hit
   * @param accepted how many dispatches were accepted
   * @param ends how many ended in which way
   * @param violations what must not be, one a line
   */
  record Findings(
      Map<Blow, Integer> blows,
      int missed,
      int accepted,
      Map<String, Integer> ends,
      List<String> violations) {
    Findings {
      blows = Collections.unmodifiableMap(new LinkedHashMap<>(blows));
      ends = Collections.unmodifiableMap(new LinkedHashMap<>(ends));
      violations = List.copyOf(violations);
    }
  }

  /**
   * Runs it.
   *
   * @param goesOn whether another blow is to be dealt
   */
  Findings run(BooleanSupplier goesOn) throws Exception {
    Path data = data(folder);
    Path marks = folder.resolve("marks");
    Random random = new Random(seed);
    try (Havoc havoc = new Havoc(UpProcess.start(data, 0), data, marks, random)) {
      List<CrashTenant> tenants = new ArrayList<>();
      for (Tier tier : TIERS) {
        tenants.add(newTenant(data, tier));
      }
      CrashApi api = new CrashApi(URI.create(havoc.up().credentials().url()));
      CrashLoad clients = new CrashLoad(api, marks, repository(), seed, tenants);
      clients.start(load);
      int missed = deal(havoc, clients, data, goesOn, random);
      clients.end();

      CrashVerdict verdict = new CrashVerdict(api, clients.asked(), clients.tenants());
      verdict.everythingIsThereOnce();
      for (Asked one : clients.asked()) {
        one.id().map(havoc.hits()::get).ifPresent(blows -> blows.forEach(one::hit));
      }
      verdict.everythingEnds(UNTIL_ALL_ENDED);
      verdict.noProcessIsLeft(UNTIL_NOTHING_LIVES);
      havoc.restart();
      verdict.everythingIsThereOnce();
      verdict.everythingStaysAsItIs();
      verdict.everyActIsWrittenDown();
      verdict.everyEndIsTrue(Marks.read(marks));
      verdict.noTenantHadTooManyAtOnce();
      havoc.up().terminate();
      verdict.noSlotIsHeld(new DataDirectory(data).store());
      return new Findings(
          havoc.dealt(),
          missed,
          Math.toIntExact(clients.asked().stream().filter(one -> one.id().isPresent()).count()),
          verdict.ends(),
          verdict.violations());
    }
  }

  /** The machine's data folder in a campaign's. */
  static Path data(Path folder) {
    return folder.resolve("data");
  }

  /**
   * Deals all blows in turn, each time in another order, and tells how many hit nothing. Between
   * two turns come only those that leave tasks alone: what takes half a minute would hardly ever
   * end by itself, and is to end truly over any number of the machine's deaths.
   */
  private int deal(Havoc havoc, CrashLoad clients, Path data, BooleanSupplier goesOn, Random random)
      throws Exception {
    int missed = 0;
    int round = 0;
    boolean all = false;
    List<Blow> deck = new ArrayList<>();
    while (goesOn.getAsBoolean()) {
      if (deck.isEmpty()) {
        all = !all;
        deck.addAll(all ? Arrays.asList(Blow.values()) : Blow.onTheMachineAlone());
        Collections.shuffle(deck, random);
      }
      Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
      // The machine is up now: who has used up its day makes room for a tenant like it.
      for (CrashTenant tenant : clients.tenants()) {
        boolean replaced =
            clients.tenants().stream()
                .anyMatch(one -> one.tier() == tenant.tier() && !clients.isUsedUp(one));
        if (!replaced) {
          clients.add(newTenant(data, tenant.tier()));
        }
      }
      Blow blow = deck.removeLast();
      boolean hit = havoc.deal(blow, clients);
      missed += hit ? 0 : 1;
      round++;
      long known = clients.asked().stream().filter(Asked::wasAccepted).count();
      long ended = clients.asked().stream().filter(one -> one.end().isPresent()).count();
      progress.accept(
          "round "
              + round
              + ": killed "
              + (hit ? blow.words() : "nothing (" + blow.words() + ")")
              + "; "
              + known
              + " accepted, "
              + ended
              + " seen to end");
    }
    return missed;
  }

  private static CrashTenant newTenant(Path data, Tier tier) throws IOException {
    Outcome outcome =
        new ControlClient(data)
            .run(
                List.of(
                    "tenant",
                    "create",
                    "crash",
                    "crash@localhost",
                    "--tier",
                    tier.wire(),
                    "--data",
                    data.toString(),
                    "--json"));
    if (outcome.exit() != 0) {
      throw new IOException("no tenant could be made: " + outcome.err());
    }
    Map<String, Object> tenant = JSON.std.mapFrom(outcome.out());
    return new CrashTenant(
        new TenantId((String) tenant.get("tenantId")),
        (String) ((Map<?, ?>) tenant.get("apiKey")).get("key"),
        tier);
  }

  /** The URL of a repository with one commit. */
  private String repository() throws IOException, InterruptedException {
    Path repository = Files.createDirectories(folder.resolve("repository"));
    Files.writeString(repository.resolve("README.md"), "# To be worked on\n");
    git(repository, "init", "-q", "-b", "main");
    git(repository, "add", "README.md");
    git(
        repository,
        "-c",
        "user.name=crash",
        "-c",
        "user.email=crash@localhost",
        "commit",
        "-q",
        "-m",
        "first");
    return "file://" + repository;
  }

  private static void git(Path repository, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(Arrays.asList(words));
    Process process =
        new ProcessBuilder(command)
            .directory(repository.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(GIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(command + " failed: " + said);
    }
  }
}
