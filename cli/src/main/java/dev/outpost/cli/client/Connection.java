package dev.outpost.cli.client;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the API is and the key it is used with.
 *
 * @param url its address, without a slash at the end
 * @param key the API key
 */
public record Connection(URI url, String key) {
  /** The file in the data folder into which {@code outpost up} writes how it is reached. */
  public static final String CREDENTIALS = "credentials.json";

  /** Refuses nulls. */
  public Connection {
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(key, "key");
  }

  /**
   * Finds both: what was typed, else the environment, else the credentials file.
   *
   * <p>The file's key goes to the file's own address only: {@code --url} of another installation
   * must not send it there.
   */
  public static Connection find(
      Shell shell, Optional<String> typedUrl, Optional<String> typedKey, Optional<Path> data) {
    Optional<String> url = typedUrl.or(() -> shell.variable("OUTPOST_API_URL"));
    Optional<String> key = typedKey.or(() -> shell.variable("OUTPOST_API_KEY"));
    Path file = shell.data(data).resolve(CREDENTIALS);
    Optional<Map<String, Object>> stored =
        url.isPresent() && key.isPresent() ? Optional.empty() : read(file);
    Optional<String> storedUrl = stored.flatMap(map -> text(map, "url"));
    URI address =
        parse(
            url.or(() -> storedUrl)
                .orElseThrow(
                    () ->
                        Refusal.unreachable(
                            "no Outpost is known here: there is no " + file,
                            "start one:          outpost up",
                            "or name another:    --url URL --key KEY",
                            "                    (or OUTPOST_API_URL and OUTPOST_API_KEY)")));
    boolean own = storedUrl.map(Connection::parse).filter(address::equals).isPresent();
    return new Connection(
        address,
        key.or(() -> own ? stored.flatMap(map -> text(map, "apiKey")) : Optional.empty())
            .orElseThrow(
                () ->
                    Refusal.usage(
                        "no API key for " + address, "give --key KEY or set OUTPOST_API_KEY")));
  }

  private static URI parse(String text) {
    String bare = text.strip();
    while (bare.endsWith("/")) {
      bare = bare.substring(0, bare.length() - 1);
    }
    try {
      URI uri = new URI(bare);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null && uri.getQuery() == null) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Told below, with the form that is wanted.
    }
    throw Refusal.usage("not an http or https URL: " + text);
  }

  private static Optional<Map<String, Object>> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.std.mapFrom(Files.readString(file)));
    } catch (IOException e) {
      throw Refusal.local("can't read " + file + ": " + e.getMessage());
    }
  }

  private static Optional<String> text(Map<String, Object> map, String name) {
    return map.get(name) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  /** The address only: a key is never printed. */
  @Override
  public String toString() {
    return url.toString();
  }
}
