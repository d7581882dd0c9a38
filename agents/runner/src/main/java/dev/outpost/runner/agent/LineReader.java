package dev.outpost.runner.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts what a process prints into lines, as it comes. Bytes that are no UTF-8 become U+FFFD, and so
 * does NUL, which few readers of text bear; a carriage return before a line's end is dropped.
 */
final class LineReader {
  private static final int BUFFER = 64 * 1024;

  private final int longest;
  private final Lines lines;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private boolean insideLong;

  /** Takes lines. */
  interface Lines {
    /** A whole line. */
    void line(String line);

    /** A part of a line that is longer than may be held. */
    void part(String part, boolean last);
  }

  /**
   * A reader.
   *
   * @param longest a longer line is given in parts, in bytes
   */
  LineReader(int longest, Lines lines) {
    this.longest = longest;
    this.lines = lines;
  }

  /** Reads to the end; a stream that is closed meanwhile has ended. */
  void readAll(InputStream in) {
    byte[] buffer = new byte[BUFFER];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        take(buffer, n);
      }
    } catch (IOException _) {
      // The pipe was closed under us: its process is gone.
    }
    if (pending.size() > 0 || insideLong) {
      endLine();
    }
  }

  private void take(byte[] buffer, int length) {
    int from = 0;
    for (int i = 0; i < length; i++) {
      if (buffer[i] == '\n') {
        pending.write(buffer, from, i - from);
        endLine();
        from = i + 1;
      }
    }
    pending.write(buffer, from, length - from);
    if (pending.size() >= longest) {
      givePart();
    }
  }

  private void endLine() {
    byte[] bytes = pending.toByteArray();
    pending.reset();
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\r') {
      length--;
    }
    String text = text(bytes, length);
    if (insideLong) {
      insideLong = false;
      lines.part(text, true);
    } else {
      lines.line(text);
    }
  }

  private void givePart() {
    byte[] bytes = pending.toByteArray();
    pending.reset();
    int cut = bytes.length;
    // Not in the middle of a character: its bytes after the first are 10xxxxxx.
    for (int back = 1; back <= 3 && back < bytes.length; back++) {
      int b = bytes[bytes.length - back] & 0xff;
      if (b >= 0xc0) {
        cut = bytes.length - back;
        break;
      }
      if (b < 0x80) {
        break;
      }
    }
    insideLong = true;
    lines.part(text(bytes, cut), false);
    pending.write(bytes, cut, bytes.length - cut);
  }

  private static String text(byte[] bytes, int length) {
    return new String(bytes, 0, length, UTF_8).replace('\0', '\ufffd');
  }
}
