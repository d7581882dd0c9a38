package dev.outpost.runner;

import dev.outpost.run.Budget;
import dev.outpost.run.Failure;
import dev.outpost.run.ModelAccess;
import dev.outpost.run.ModelProtocol;
import dev.outpost.run.PriceTable;
import dev.outpost.runner.model.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One run with a thief in it, in a process of its own: with the upstream, the control plane and the
 * git host on its loopback, which may be all the network that it has.
 */
final class ThiefRun {
  private ThiefRun() {}

  /** Takes a directory with {@code origin}, {@code secret} and {@code public} in it. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    String script =
        "RUNNER_PID=%d '%s' -XX:TieredStopAtLevel=1 -cp '%s' %s '%s' %s"
            .formatted(
                ProcessHandle.current().pid(),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                directory.resolve("public"),
                Thief.class.getName(),
                directory.resolve("public"),
                arguments[1]);
    try (Upstream upstream = new Upstream();
        LocalGateway gateway =
            new LocalGateway(
                Jobs.script("echo changed > a.txt; echo new > b.txt; " + script)
                    .in("file://" + directory.resolve("origin"), "main")
                    .with(
                        Map.of("MODEL_URL", "{gateway_url}", "MODEL_KEY", "{gateway_key}"),
                        Map.of())
                    .job(
                        new ModelAccess(
                            ModelProtocol.ANTHROPIC,
                            upstream.url(),
                            Optional.of(Files.readString(directory.resolve("secret"))),
                            PriceTable.EMPTY),
                        Budget.NONE,
                        Map.of(".rc", "key={gateway_key}")))) {
      upstream.say(200, "application/json", "{\"usage\":{\"input_tokens\":1}}");
      LocalRun run = new LocalRun(directory);
      int code = run.start(gateway);
      Files.writeString(directory.resolve("log"), run.log());
      Files.writeString(
          directory.resolve("outcome"),
          code
              + "\n"
              + gateway.result().failure().map(Failure::message).orElse("success")
              + "\n"
              + upstream.calls().size()
              + "\n"
              + gateway.result().filesChanged()
              + "\n"
              + upstream.calls().getFirst().headers().getFirst("x-api-key"));
    }
  }
}
