package dev.outpost.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The authoriser's job as a Node.js handler, bundled and minified as such are deployed, with the
 * pinned packages of its package.json. Its Runtime API client is its own: {@code aws-lambda-ric}
 * builds native code when it is installed, and is no faster.
 *
 * @param bundle the program
 */
record Yardstick(Path bundle) {
  private static final long PATIENCE_MINUTES = 5;

  /**
   * Installs it into that folder, which it keeps for the next time.
   *
   * @return empty when there is no Node.js or npm on PATH, or npm can't have the packages
   */
  static Optional<Yardstick> install(Path folder, Map<String, String> environment)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    for (String name : List.of("package.json", "handler.mjs", "runtime.mjs")) {
      try (InputStream source =
          Objects.requireNonNull(Yardstick.class.getResourceAsStream("yardstick/" + name))) {
        Files.write(folder.resolve(name), source.readAllBytes());
      }
    }
    boolean made =
        run(folder, environment, "npm", "install", "--no-audit", "--no-fund")
            && run(
                folder,
                environment,
                "npx",
                "esbuild",
                "runtime.mjs",
                "--bundle",
                "--minify",
                "--platform=node",
                "--format=esm",
                "--outfile=bundle.mjs",
                "--banner:js=import{createRequire}from'module';const require=createRequire(import.meta.url);");
    return made ? Optional.of(new Yardstick(folder.resolve("bundle.mjs"))) : Optional.empty();
  }

  private static boolean run(Path folder, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("install.log").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException _) {
      return false;
    }
    if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      return false;
    }
    return process.exitValue() == 0;
  }

  FunctionProcess.Command command(Map<String, String> variables, String path) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("PATH", path);
    return new FunctionProcess.Command(
        new ArrayList<>(List.of("node", bundle.toString())), bundle.getParent(), all);
  }
}
