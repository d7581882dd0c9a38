package dev.outpost.cdk;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.edge.CatalogueFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;

/**
 * All stages, synthesised once for all tests of this JVM: {@code dev}, {@code prod} and {@code
 * full}.
 */
final class Templates {
  static final Path ROOT = Path.of(System.getProperty("outpost.root"));

  /** Like prod, with every option on. */
  private static final Map<String, Object> FULL =
      Map.ofEntries(
          Map.entry("like", "prod"),
          Map.entry("agents", List.of("claude", "codex", "script")),
          Map.entry("capacity", List.of("FARGATE:1:2", "FARGATE_SPOT:3:0")),
          Map.entry("interfaceEndpoints", true),
          Map.entry("customerKey", true),
          Map.entry("separateUsers", false),
          Map.entry("traces", false),
          Map.entry("platformLogs", true),
          Map.entry("corsOrigins", List.of("https://console.example.com")),
          Map.entry("domainName", "outpost.example.com"),
          Map.entry(
              "certificateArn",
              "arn:aws:acm:eu-central-1:111122223333:certificate/0f9de17a-6465-404e-8b1b-2356dc13c2f8"),
          Map.entry("alarmEmail", "operator@example.com"),
          Map.entry("webhookConcurrency", 25),
          Map.entry("gitHost", "github.com"),
          Map.entry("busStatuses", List.of("success", "failed")),
          Map.entry("upstreams", Map.of("claude", "https://models.example.com/anthropic")));

  private static final Path OUT = synthesised();

  private Templates() {}

  private static Path synthesised() {
    try {
      Path out = Files.createTempDirectory(Path.of("target"), "cdk.out").toAbsolutePath();
      App app =
          App.Builder.create()
              .context(Deployment.CONTEXT)
              .outdir(out.toString())
              .analyticsReporting(false)
              .build();
      for (Settings settings : List.of(settings("dev"), settings("prod"), settings("full"))) {
        Deployment.add(app, settings, CatalogueFile.packaged(), ROOT.resolve("functions"));
      }
      app.synth();
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Settings settings(String stage) {
    return Settings.of(stage, stage.equals("full") ? FULL : Map.of("agents", List.of("claude")));
  }

  /** Where the templates and reports are. */
  static Path out() {
    return OUT;
  }

  static Template store(String stage) {
    return read("outpost-store-" + stage);
  }

  static Template control(String stage) {
    return read("outpost-" + stage);
  }

  private static Template read(String stack) {
    return new Template(json(OUT.resolve(stack + ".template.json")));
  }

  static Map<String, Object> json(Path file) {
    try {
      return JSON.std.mapFrom(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A sample event. */
  static Map<String, Object> event(Room room) {
    return json(ROOT.resolve("events").resolve(room.word() + ".json"));
  }
}
