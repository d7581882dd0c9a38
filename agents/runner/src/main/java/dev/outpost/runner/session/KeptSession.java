package dev.outpost.runner.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.run.Resumable;
import dev.outpost.runner.scrub.LineScrubber;
import dev.outpost.runner.scrub.Scrubber;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A conversation as one text: a line of JSON that tells its id and where it took place, and for
 * each file a line of JSON with its name and the number of its lines, and those lines.
 *
 * <p>It is written by one run and read by another. Both sides are hostile: what is kept was written
 * by an agent, and what is brought back lay in a store.
 */
public final class KeptSession {
  /** The most that is kept of a conversation, in bytes. */
  public static final int MAX_BYTES = 8 << 20;

  /** The most files that it may have. */
  static final int MAX_FILES = 200;

  private KeptSession() {}

  /**
   * Writes what there is of a conversation.
   *
   * @param home the agent's HOME; nothing of the agent may be running any more
   * @param file where it is written, whole or not at all
   * @return empty when the agent left nothing
   * @throws IOException when it can't be kept; the message says why
   */
  public static Optional<Long> write(
      Resumable resumable, String session, Path home, Path tree, Scrubber scrubber, Path file)
      throws IOException {
    if (!SessionPlaces.isId(session)) {
      throw new IOException("its id has an unknown form");
    }
    Map<String, Path> found =
        new SessionPlaces(resumable.files(), session, home, tree).find(MAX_FILES);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder(line(head(session, home, tree)));
    long left = MAX_BYTES;
    for (Map.Entry<String, Path> entry : found.entrySet()) {
      String content = text(entry.getValue(), left);
      left -= content.length();
      List<String> lines = List.of(content.split("\n", -1));
      text.append(line(Map.of("file", entry.getKey(), "lines", lines.size())));
      LineScrubber scrubbed = scrubber.lines();
      for (String original : lines) {
        text.append(scrubbed(original, scrubbed)).append('\n');
      }
    }
    byte[] bytes = text.toString().getBytes(UTF_8);
    if (bytes.length > MAX_BYTES) {
      throw tooLarge();
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.write(part, bytes);
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    return Optional.of((long) bytes.length);
  }

  private static Map<String, Object> head(String session, Path home, Path tree) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("session", session);
    head.put("home", home.toString());
    head.put("tree", tree.toString());
    return head;
  }

  private static String line(Map<String, ?> map) throws IOException {
    return JSON.std.asString(map) + "\n";
  }

  /** A line without its secrets. Its program must still be able to read it. */
  private static String scrubbed(String line, LineScrubber scrubber) throws IOException {
    String scrubbed = scrubber.line(line);
    if (!scrubbed.equals(line) && isJson(line) && !isJson(scrubbed)) {
      throw new IOException("a secret in it can't be taken out without breaking it");
    }
    return scrubbed;
  }

  private static boolean isJson(String line) {
    try {
      return line.strip().startsWith("{") && JSON.std.mapFrom(line) != null;
    } catch (IOException | RuntimeException _) {
      return false;
    }
  }

  /** A file's text; never that behind a link. */
  private static String text(Path file, long atMost) throws IOException {
    try (SeekableByteChannel in =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      if (in.size() > atMost) {
        throw tooLarge();
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) in.size());
      while (bytes.hasRemaining() && in.read(bytes) >= 0) {
        // Until it is full or the file has become shorter.
      }
      return UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException _) {
      throw new IOException("one of its files is no text");
    }
  }

  private static IOException tooLarge() {
    return new IOException("it is larger than " + (MAX_BYTES >> 20) + " MB");
  }

  /**
   * Puts a conversation into a fresh HOME. Paths of the earlier run's tree and HOME become those of
   * this one's. Nothing is written when anything is wrong with it.
   *
   * @param file what {@link #write} wrote
   * @param taken paths below HOME that are others'
   * @return the conversation's id
   * @throws IOException when it can't be used; the message says why
   */
  public static String read(Path file, Resumable resumable, Path home, Path tree, Set<String> taken)
      throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw tooLarge();
    }
    List<String> lines = new ArrayList<>(List.of(Files.readString(file).split("\n", -1)));
    Map<String, Object> head = json(lines.getFirst());
    String session = text(head, "session");
    if (!SessionPlaces.isId(session)) {
      throw malformed();
    }
    SessionPlaces places = new SessionPlaces(resumable.files(), session, home, tree);
    Map<Path, String> files = new LinkedHashMap<>();
    int at = 1;
    while (at < lines.size() - 1) {
      Map<String, Object> entry = json(lines.get(at));
      Path place = places.place(text(entry, "file")).orElseThrow(KeptSession::malformed);
      if (taken.contains(home.relativize(place).toString())
          || !(entry.get("lines") instanceof Integer count)
          || count < 1
          || count >= lines.size() - at
          || files.size() == MAX_FILES) {
        throw malformed();
      }
      String content = String.join("\n", lines.subList(at + 1, at + 1 + count));
      files.put(place, moved(moved(content, text(head, "tree"), tree), text(head, "home"), home));
      at += 1 + count;
    }
    if (files.isEmpty()) {
      throw malformed();
    }
    for (Map.Entry<Path, String> entry : files.entrySet()) {
      Files.createDirectories(entry.getKey().getParent());
      Files.writeString(entry.getKey(), entry.getValue(), UTF_8, StandardOpenOption.CREATE_NEW);
    }
    return session;
  }

  private static String moved(String content, String from, Path to) throws IOException {
    if (!from.startsWith("/") || from.length() < 2) {
      throw malformed();
    }
    String own = to.toString();
    long length = content.length();
    for (int at = content.indexOf(from); at >= 0; at = content.indexOf(from, at + from.length())) {
      length += own.length() - from.length();
    }
    if (length > 2L * MAX_BYTES) {
      throw tooLarge();
    }
    return content.replace(from, own);
  }

  private static Map<String, Object> json(String line) throws IOException {
    try {
      return JSON.std.mapFrom(line);
    } catch (IOException | RuntimeException _) {
      throw malformed();
    }
  }

  private static String text(Map<String, Object> map, String name) throws IOException {
    if (map.get(name) instanceof String text) {
      return text;
    }
    throw malformed();
  }

  private static IOException malformed() {
    return new IOException("it has an unknown form");
  }
}
