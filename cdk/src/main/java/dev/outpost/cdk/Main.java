package dev.outpost.cdk;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.edge.CatalogueFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awscdk.App;
import software.amazon.jsii.JsiiException;

/**
 * Writes the templates of a stage: {@code ./outpost synth --stage dev|prod}, or without a stage for
 * the CDK's own command, which tells it by {@code --context stage=NAME}.
 */
public final class Main {
  private static final int USAGE = 2;
  private static final int REFUSED = 3;
  private static final int UNAVAILABLE = 69;

  private Main() {}

  /** Runs it and ends the process with its exit code. */
  public static void main(String[] arguments) throws IOException {
    System.exit(run(arguments, System.getenv(), Path.of(System.getProperty("outpost.home", "."))));
  }

  private static int run(String[] arguments, Map<String, String> environment, Path home)
      throws IOException {
    Optional<String> stage = Optional.empty();
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (argument.equals("--stage") && i + 1 < arguments.length) {
        stage = Optional.of(arguments[++i]);
      } else if (argument.startsWith("--stage=")) {
        stage = Optional.of(argument.substring("--stage=".length()));
      } else {
        return say(USAGE, "usage: outpost synth [--stage NAME]; the stages stand in cdk.json");
      }
    }
    if (!isOnPath("node", environment)) {
      return say(
          UNAVAILABLE,
          "the CDK needs Node.js (20 or newer), and there is no node on PATH;"
              + " the templates are made by a library that is written for it");
    }
    Path root = home.toAbsolutePath().normalize();
    Optional<String> told = Optional.ofNullable(environment.get("CDK_OUTDIR"));
    Path out = told.map(Path::of).orElse(root.resolve("cdk.out"));
    try {
      List<String> found = synthesise(root, out, stage);
      if (!found.isEmpty()) {
        found.forEach(line -> say(REFUSED, line));
        return say(REFUSED, "cdk-nag found what is not explained; nothing should be deployed");
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      return say(USAGE, e.getMessage());
    } catch (JsiiException e) {
      // What it is has been printed; the rest is the library's own stack.
      return say(REFUSED, String.valueOf(e.getMessage()).lines().findFirst().orElse("refused"));
    }
    say(0, "templates are in " + out);
    return 0;
  }

  private static List<String> synthesise(Path root, Path out, Optional<String> asked)
      throws IOException {
    Map<String, Object> context = new HashMap<>(context(root));
    context.putAll(Deployment.CONTEXT);
    removeOld(out);
    App app =
        App.Builder.create()
            .context(context)
            .outdir(out.toString())
            .analyticsReporting(false)
            .build();
    String stage =
        asked
            .or(
                () ->
                    Optional.ofNullable(app.getNode().tryGetContext("stage")).map(String::valueOf))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "which stage? --stage dev, or for cdk: --context stage=dev"));
    Object stages = app.getNode().tryGetContext("stages");
    Object chosen = stages instanceof Map<?, ?> map ? map.get(stage) : null;
    @SuppressWarnings("unchecked")
    Map<String, ?> choices = chosen instanceof Map<?, ?> ? (Map<String, ?>) chosen : Map.of();
    Deployment.add(
        app, Settings.of(stage, choices), CatalogueFile.packaged(), root.resolve("functions"));
    app.synth();
    return NagReport.unexplained(out);
  }

  /** Takes away what an earlier run has left there, so that no other stage's templates remain. */
  private static void removeOld(Path out) throws IOException {
    if (!Files.isRegularFile(out.resolve("manifest.json"))) {
      return;
    }
    List<Path> files;
    try (Stream<Path> found = Files.walk(out)) {
      files = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  /** The CDK's own command gives this to an app; when it is not there we read it ourselves. */
  private static Map<String, Object> context(Path root) throws IOException {
    Path file = root.resolve("cdk.json");
    if (!Files.exists(file)) {
      return Map.of();
    }
    Object context =
        JSON.std.mapFrom(Files.readString(file, StandardCharsets.UTF_8)).get("context");
    Map<String, Object> values = new HashMap<>();
    if (context instanceof Map<?, ?> map) {
      map.forEach((key, value) -> values.put(String.valueOf(key), value));
    }
    return values;
  }

  private static boolean isOnPath(String program, Map<String, String> environment) {
    List<Path> places = new ArrayList<>();
    for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
      places.add(Path.of(folder.isEmpty() ? "." : folder, program));
    }
    return places.stream().anyMatch(Files::isExecutable);
  }

  private static int say(int code, String text) {
    System.err.println("outpost: " + text);
    return code;
  }
}
