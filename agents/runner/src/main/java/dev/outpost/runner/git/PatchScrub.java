package dev.outpost.runner.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.outpost.runner.scrub.LineScrubber;
import dev.outpost.runner.scrub.Scrubber;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Scrubs a git patch so that it still applies: the added lines of text hunks, each staying one
 * line, and nothing else. It reads the hunks' own line counts, so that a line of text which looks
 * like a header is none.
 *
 * <p>What stays as it is, and why: context and deleted lines must match the base and are known to
 * whoever can read the repository; headers name files (a file whose name holds a secret is not in
 * the patch); binary bodies are compressed and checked by a hash (a file whose bytes hold one of
 * the job's secrets is not in the patch).
 *
 * <p>The patch's bytes are read as Latin-1, since files have any encoding, and never held whole.
 */
final class PatchScrub {
  private static final int PART = 64 * 1024;

  private final OutputStream out;
  private final LineScrubber scrubber;
  private long oldLines;
  private long newLines;
  private boolean binary;

  private PatchScrub(OutputStream out, Scrubber scrubber) {
    this.out = out;
    this.scrubber = scrubber.lines();
  }

  /** Copies a patch, scrubbed, to a new file. */
  static void scrub(Path from, Path to, Scrubber scrubber) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(from), PART);
        OutputStream out =
            new BufferedOutputStream(
                Files.newOutputStream(to, StandardOpenOption.CREATE_NEW), PART)) {
      new PatchScrub(out, scrubber).copy(in);
    }
  }

  private void copy(InputStream in) throws IOException {
    byte[] part = new byte[PART];
    boolean atStart = true;
    boolean added = false;
    int length = 0;
    for (int b = in.read(); ; b = in.read()) {
      boolean end = b == '\n' || b < 0;
      if (!end) {
        part[length++] = (byte) b;
      }
      if (end || length == PART) {
        if (b < 0 && length == 0 && atStart) {
          return;
        }
        String text = new String(part, 0, length, ISO_8859_1);
        if (atStart) {
          added = isAdded(text);
        }
        write(text, atStart, end, added);
        if (b == '\n') {
          out.write('\n');
        } else if (b < 0) {
          return;
        }
        atStart = end;
        length = 0;
      }
    }
  }

  private void write(String text, boolean atStart, boolean end, boolean added) throws IOException {
    if (!added) {
      out.write(text.getBytes(ISO_8859_1));
      return;
    }
    String content = text;
    if (atStart) {
      out.write('+');
      content = text.substring(1);
    }
    StringBuilder scrubbed = new StringBuilder();
    if (atStart && end) {
      scrubbed.append(scrubber.line(content));
    } else {
      scrubber.part(content, end, scrubbed::append);
    }
    out.write(scrubbed.toString().getBytes(ISO_8859_1));
  }

  /** Follows the patch's form by the beginning of a line. */
  private boolean isAdded(String line) {
    char first = line.isEmpty() ? ' ' : line.charAt(0);
    if (oldLines > 0 || newLines > 0) {
      switch (first) {
        case '+' -> {
          newLines--;
          return true;
        }
        case '-' -> oldLines--;
        case '\\' -> {}
        default -> {
          oldLines--;
          newLines--;
        }
      }
      return false;
    }
    if (line.startsWith("diff --git ")) {
      binary = false;
    } else if (line.equals("GIT binary patch")) {
      binary = true;
    } else if (!binary && line.startsWith("@@ -")) {
      startHunk(line);
    }
    return false;
  }

  private void startHunk(String line) {
    String[] ranges = line.split(" ", 4);
    oldLines = count(ranges[1]);
    newLines = count(ranges[2]);
  }

  private static long count(String range) {
    int comma = range.indexOf(',');
    return comma < 0 ? 1 : Long.parseLong(range.substring(comma + 1));
  }
}
