package dev.outpost.cli.agents;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The exact versions of the agents' programs, from {@code agents/versions.env}. Immutable. */
final class PinnedPrograms {
  private final Map<String, String> values;

  private PinnedPrograms(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * A package of npm's.
   *
   * @param agent whose program it is
   * @param name what npm calls it
   * @param version the one version that is wanted
   */
  record NpmPackage(String agent, String name, String version) {
    /** As npm's command line has it. */
    String spec() {
      return name + "@" + version;
    }

    /** The major version. */
    int major() {
      return Integer.parseInt(version.substring(0, version.indexOf('.')));
    }
  }

  /** Those that this version of Outpost was built with. */
  static PinnedPrograms packaged() {
    try (InputStream stream = PinnedPrograms.class.getResourceAsStream("versions.env")) {
      if (stream == null) {
        throw new IllegalStateException("the package lacks versions.env");
      }
      return parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("versions.env in the package can't be read", e);
    }
  }

  /** Those of that text: lines of {@code NAME=value}, and comments. */
  static PinnedPrograms parse(String text) {
    Map<String, String> values = new HashMap<>();
    text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .forEach(
            line -> {
              int equals = line.indexOf('=');
              if (equals < 1 || values.containsKey(line.substring(0, equals))) {
                throw new IllegalArgumentException("versions.env has the line " + line);
              }
              values.put(line.substring(0, equals), line.substring(equals + 1));
            });
    return new PinnedPrograms(values);
  }

  private static String key(String agent) {
    return agent.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** The version for that agent. */
  Optional<String> version(String agent) {
    return Optional.ofNullable(values.get(key(agent) + "_VERSION"));
  }

  /** The agent's package, if npm has it. */
  Optional<NpmPackage> npm(String agent) {
    return Optional.ofNullable(values.get(key(agent) + "_NPM"))
        .flatMap(name -> version(agent).map(version -> new NpmPackage(agent, name, version)));
  }

  /** Node.js itself. */
  NpmPackage node() {
    return npm("node")
        .orElseThrow(() -> new IllegalStateException("versions.env does not tell of Node.js"));
  }
}
