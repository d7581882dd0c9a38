package dev.outpost.machine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.harrel.jsonschema.Validator;
import dev.outpost.protocol.RunnerProtocol;
import dev.outpost.run.Job;
import dev.outpost.runner.Main;
import dev.outpost.schema.OutputSchema;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.io.IOUtils;
import org.apache.commons.lang3.ArrayUtils;

/** The command line of the runner: its own JVM, with nothing but what it needs. */
final class RunnerCommand {
  private RunnerCommand() {}

  /** On this process's JDK and from this process's class path. */
  static List<String> ofThisProcess() {
    Set<String> classPath = new LinkedHashSet<>();
    for (Class<?> needed :
        List.of(
            Main.class,
            RunnerProtocol.class,
            Job.class,
            OutputSchema.class,
            Validator.class,
            JSON.class,
            JsonFactory.class,
            // The archives of workspaces.
            TarArchiveEntry.class,
            IOUtils.class,
            ArrayUtils.class)) {
      classPath.add(home(needed));
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        // A runner lives for one dispatch: it must start quickly and leave the memory to its agent.
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-Xshare:auto",
        // Model calls of up to 64 MB pass through it; without them it stays far below.
        "-Xmx128m",
        "-Xss512k",
        "-cp",
        String.join(File.pathSeparator, classPath),
        Main.class.getName());
  }

  private static String home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the class path is no path", e);
    }
  }
}
