package dev.outpost.runner.agent;

import dev.outpost.run.Job;
import dev.outpost.run.Resumable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What stands for the placeholders of a job's command, variables and files.
 *
 * @param values by the placeholder, braces included
 */
public record Placeholders(Map<String, String> values) {
  /** Copies the map. */
  public Placeholders {
    values = Map.copyOf(values);
  }

  /** Those that every job has. */
  public static Placeholders of(Job job, Path taskFile) {
    return new Placeholders(
        Map.of("{task_file}", taskFile.toString(), "{model}", job.model().orElse("")));
  }

  /** The same, and the way to the model. */
  public Placeholders with(String gatewayUrl, String gatewayKey) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put("{gateway_url}", gatewayUrl);
    more.put("{gateway_key}", gatewayKey);
    return new Placeholders(more);
  }

  /** The same, and the id of the conversation that is gone on with. */
  public Placeholders with(String session) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(Resumable.SESSION, session);
    return new Placeholders(more);
  }

  /** The text with values for its placeholders. */
  public String in(String text) {
    String filled = text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled.replace(value.getKey(), value.getValue());
    }
    return filled;
  }

  /**
   * Writes a job's files into an empty HOME.
   *
   * @throws IOException when the disk fails, or a path leads out of HOME
   */
  public void write(Map<String, String> files, Path home) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = home.resolve(file.getKey()).normalize();
      if (!path.startsWith(home) || path.equals(home)) {
        throw new IOException("the file " + file.getKey() + " is not below HOME");
      }
      Files.createDirectories(path.getParent());
      Files.writeString(
          path, in(file.getValue()), StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
    }
  }
}
