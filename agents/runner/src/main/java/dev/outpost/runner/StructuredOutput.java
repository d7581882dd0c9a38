package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outpost.run.Report;
import dev.outpost.runner.scrub.Scrubber;
import dev.outpost.schema.Document;
import dev.outpost.schema.OutputSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The data that an agent returns: what it wrote to its file, or else its last message. Scrubbed
 * first and checked then, so that what is given out is what was checked.
 */
final class StructuredOutput {
  /** A pattern may take for ever on a text made for it; a busy machine takes seconds for any. */
  static final Duration LONGEST_CHECK = Duration.ofMinutes(1);

  private final Map<?, ?> schema;
  private final Scrubber scrubber;
  private final Duration longestCheck;

  /**
   * By that schema.
   *
   * @param longestCheck how long the check may take, {@link #LONGEST_CHECK} in production
   * @throws IOException when it is no JSON object, which admission does not let through
   */
  StructuredOutput(String schema, Scrubber scrubber, Duration longestCheck) throws IOException {
    if (!(Document.read(schema) instanceof Map<?, ?> map)) {
      throw new IOException("the schema is no JSON object");
    }
    this.schema = map;
    this.scrubber = scrubber;
    this.longestCheck = longestCheck;
  }

  /** What was found. */
  sealed interface Found {
    /**
     * Data as it is wanted.
     *
     * @param value the data; a null is data too
     * @param json the same as JSON
     */
    record Valid(Optional<Object> value, String json) implements Found {}

    /**
     * None, or not as it is wanted.
     *
     * @param why a sentence's part that says where it is wrong; scrubbed
     */
    record Invalid(String why) implements Found {}
  }

  /**
   * Looks for the data.
   *
   * @param file where the agent was to write it
   * @param lastWords its last message
   */
  Found find(Path file, String lastWords) throws IOException, InterruptedException {
    boolean written = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    String text = written ? beginning(file) : withoutFence(lastWords);
    if (text.getBytes(UTF_8).length > Report.MAX_OUTPUT) {
      return tooLarge();
    }
    Object value;
    try {
      value = scrubbed(Document.read(text));
    } catch (IOException _) {
      return new Found.Invalid(
          written
              ? "what the agent wrote to $OUTPOST_OUTPUT is not valid JSON"
              : "the agent wrote nothing to $OUTPOST_OUTPUT, and its last message is no JSON");
    }
    String json = Document.write(value);
    if (json.getBytes(UTF_8).length > Report.MAX_OUTPUT) {
      return tooLarge();
    }
    return check(value)
        .<Found>map(why -> new Found.Invalid(scrubber.scrub(why)))
        .orElseGet(() -> new Found.Valid(Optional.ofNullable(value), json));
  }

  private static Found tooLarge() {
    return new Found.Invalid("the output is larger than " + Report.MAX_OUTPUT + " bytes");
  }

  private static String beginning(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return new String(in.readNBytes(Report.MAX_OUTPUT + 1), UTF_8);
    }
  }

  /** Models like to put JSON between fences. */
  private static String withoutFence(String text) {
    String bare = text.strip();
    int line = bare.indexOf('\n');
    return bare.startsWith("```") && bare.endsWith("```") && line > 0 && line < bare.length() - 3
        ? bare.substring(line + 1, bare.length() - 3)
        : bare;
  }

  private Object scrubbed(Object value) {
    return switch (value) {
      case String text -> scrubber.scrub(text);
      case List<?> list -> {
        List<Object> elements = new ArrayList<>();
        list.forEach(element -> elements.add(scrubbed(element)));
        yield elements;
      }
      case Map<?, ?> map -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach(
            (name, field) -> fields.put(scrubber.scrub(String.valueOf(name)), scrubbed(field)));
        yield fields;
      }
      case null, default -> value;
    };
  }

  private Optional<String> check(Object value) throws InterruptedException {
    CompletableFuture<Optional<OutputSchema.Flaw>> checked = new CompletableFuture<>();
    // A thread of the platform, left behind when it hangs: a match can't be interrupted.
    Thread.ofPlatform()
        .daemon()
        .name("check")
        .start(
            () -> {
              try {
                checked.complete(new OutputSchema(schema).mismatch(value));
              } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                checked.completeExceptionally(e);
              }
            });
    try {
      return checked
          .get(longestCheck.toMillis(), TimeUnit.MILLISECONDS)
          .map(flaw -> "the output is wrong at " + place(flaw) + ": " + flaw.what());
    } catch (TimeoutException _) {
      return Optional.of("checking the output took longer than " + longestCheck.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw new IllegalStateException("checking the output failed", e.getCause());
    }
  }

  private static String place(OutputSchema.Flaw flaw) {
    return flaw.place().isEmpty() ? "its top" : flaw.place();
  }
}
