package dev.outpost.cli.agents;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.agents.PinnedPrograms.NpmPackage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Installs programs by npm, each under a folder of its own, and lets a program be seen only after
 * it told the very version that was wanted: npm may install another one without an error. Which
 * registry npm asks is npm's own configuration. Safe for use by many threads, one for each agent.
 */
final class Installation {
  private static final Duration LONGEST_INSTALL = Duration.ofMinutes(10);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
  private static final int LINES_OF_A_FAILURE = 8;
  private static final int HEAD = 128;

  private final AgentsDirectory directory;
  private final Map<String, String> environment;

  /**
   * An installation.
   *
   * @param environment npm's, as its user has it
   */
  Installation(AgentsDirectory directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = Map.copyOf(environment);
  }

  /** What came of one installation. */
  sealed interface Result {
    /** It was there already. */
    record Present() implements Result {}

    /** It is there now. */
    record Installed() implements Result {}

    /** It is not; what was there before still is. */
    record Failed(String sentence, List<String> details) implements Result {}
  }

  /** The version of the package that is installed, if one is. */
  static Optional<String> version(AgentsDirectory directory, NpmPackage wanted) {
    Path file = home(directory.of(wanted.agent()), wanted).resolve("package.json");
    try {
      return JSON.std.mapFrom(Files.readAllBytes(file)).get("version") instanceof String version
          ? Optional.of(version)
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Path home(Path prefix, NpmPackage wanted) {
    return prefix.resolve("node_modules").resolve(wanted.name());
  }

  /**
   * Makes sure that the program is there in that version.
   *
   * @param program its name
   * @param node what runs programs that are scripts of Node.js
   */
  Result install(NpmPackage wanted, String program, String node)
      throws IOException, InterruptedException {
    if (isThere(wanted, directory.programs().resolve(program))) {
      return new Result.Present();
    }
    Result result = put(wanted, program, node);
    if (result instanceof Result.Installed) {
      link(program, inPlace(wanted, program), node);
    }
    return result;
  }

  /** Where {@link #installNode} puts Node.js. */
  Path node(NpmPackage wanted) {
    return inPlace(wanted, "node");
  }

  /** Makes sure that Node.js is there, for our programs alone: it is not among them. */
  Result installNode(NpmPackage wanted) throws IOException, InterruptedException {
    return isThere(wanted, node(wanted)) ? new Result.Present() : put(wanted, "node", "node");
  }

  private boolean isThere(NpmPackage wanted, Path program) {
    return version(directory, wanted).equals(Optional.of(wanted.version()))
        && Files.isExecutable(program);
  }

  private Path inPlace(NpmPackage wanted, String program) {
    return directory.of(wanted.agent()).resolve("node_modules/.bin").resolve(program);
  }

  private Result put(NpmPackage wanted, String program, String node)
      throws IOException, InterruptedException {
    Path fresh = directory.path().resolve(".new-" + wanted.agent());
    remove(fresh);
    Files.createDirectories(fresh);
    try {
      return put(wanted, program, node, fresh);
    } finally {
      remove(fresh);
    }
  }

  private Result put(NpmPackage wanted, String program, String node, Path fresh)
      throws IOException, InterruptedException {
    Map<String, String> variables = new LinkedHashMap<>(environment);
    // Where grok's package puts a second copy of its program, which nobody needs: else under HOME.
    variables.put("GROK_HOME", fresh.resolve(".grok").toString());
    Tool.Ended npm =
        Tool.run(
            List.of(
                "npm",
                "install",
                "--prefix",
                fresh.toString(),
                "--save-exact",
                "--no-fund",
                "--no-audit",
                "--no-update-notifier",
                wanted.spec()),
            variables,
            LONGEST_INSTALL);
    if (npm.code() == Tool.NEVER_RAN) {
      return new Result.Failed(
          "npm can't be run; install Node.js, which brings it, and try again", List.of());
    }
    if (!npm.isGood()) {
      return new Result.Failed(
          npm.code() == Tool.TOOK_TOO_LONG
              ? "npm was ended after " + LONGEST_INSTALL.toMinutes() + " minutes"
              : "npm failed to install " + wanted.spec(),
          npm.lastLines(LINES_OF_A_FAILURE));
    }
    Path found = fresh.resolve("node_modules/.bin").resolve(program);
    if (!Files.isExecutable(found)) {
      return new Result.Failed(wanted.spec() + " has no program " + program, List.of());
    }
    Tool.Ended told = tellVersion(start(found, node), fresh);
    if (!told.isGood() || !told.output().contains(wanted.version())) {
      return new Result.Failed(
          wanted.spec() + " was installed, but does not say so when it is asked for its version",
          told.lastLines(LINES_OF_A_FAILURE));
    }
    remove(fresh.resolve(".grok"));
    remove(fresh.resolve(".home"));
    Path place = directory.of(wanted.agent());
    remove(place);
    Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    return new Result.Installed();
  }

  /** In a HOME of its own, for some programs write there when they start. */
  private static Tool.Ended tellVersion(List<String> start, Path fresh)
      throws IOException, InterruptedException {
    Path home = Files.createDirectories(fresh.resolve(".home"));
    List<String> command = Stream.concat(start.stream(), Stream.of("--version")).toList();
    return Tool.run(
        command,
        Map.of(
            "HOME",
            home.toString(),
            "TMPDIR",
            home.toString(),
            "PATH",
            "/usr/local/bin:/usr/bin:/bin"),
        LONGEST_ANSWER);
  }

  /** How the program is started: a script of Node.js by that Node.js, anything else by itself. */
  private static List<String> start(Path program, String node) throws IOException {
    return isScriptOfNode(program)
        ? List.of(node, program.toString())
        : List.of(program.toString());
  }

  private static boolean isScriptOfNode(Path program) throws IOException {
    try (var in = Files.newInputStream(program)) {
      String head = new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
      return head.startsWith("#!") && head.lines().findFirst().orElse("").contains("node");
    }
  }

  /**
   * A link, or a script where the program needs our Node.js, which the agent's PATH must not have.
   */
  private void link(String name, Path program, String node) throws IOException {
    Files.createDirectories(directory.programs());
    Path fresh = directory.path().resolve(".link-" + name);
    Files.deleteIfExists(fresh);
    if (isScriptOfNode(program)) {
      Files.writeString(
          fresh,
          "#!/bin/sh\n# Written by `outpost agents install`.\nexec "
              + quoted(node)
              + " "
              + quoted(program.toString())
              + " \"$@\"\n");
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    } else {
      Files.createSymbolicLink(fresh, directory.programs().relativize(program));
    }
    Files.move(
        fresh,
        directory.programs().resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> entries = Files.walk(folder)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    } catch (NoSuchFileException _) {
      // As wanted.
    }
  }
}
