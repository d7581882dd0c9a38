package dev.outpost.runner.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Picks a few short values out of JSON that comes byte by byte, by their path ({@code
 * usage.input_tokens}; a list adds nothing to it). Its memory is bounded whatever comes: long texts
 * are passed over, not held. It does not check the JSON. For one thread.
 */
final class JsonScan {
  private static final int LONGEST_VALUE = 256;
  private static final int DEEPEST = 256;

  private final Set<String> wanted;
  private final Map<String, String> values = new HashMap<>();
  private final byte[] token = new byte[LONGEST_VALUE];
  private int tokenLength;
  private final BitSet lists = new BitSet();
  // Where each open container is; null where nothing in it is wanted.
  private String[] paths = new String[16];
  private int depth;
  private String key = "";
  private boolean inText;
  private boolean escaped;
  private boolean keyNext;
  private boolean inScalar;
  private boolean lost;

  /**
   * A scanner.
   *
   * @param wanted paths of the objects whose own values are wanted; the outermost is the empty one
   */
  JsonScan(Set<String> wanted) {
    this.wanted = wanted;
  }

  /** What was found since the last reset: values by their path, texts and numbers alike. */
  Map<String, String> values() {
    return values;
  }

  /** Forgets all, for the next document. */
  void reset() {
    values.clear();
    depth = 0;
    tokenLength = 0;
    inText = false;
    escaped = false;
    keyNext = false;
    inScalar = false;
    lost = false;
    key = "";
  }

  void take(byte b) {
    if (lost) {
      return;
    }
    if (inText) {
      inText(b);
      return;
    }
    switch (b) {
      case '"' -> {
        inText = true;
        tokenLength = 0;
      }
      case '{', '[' -> open(b == '[');
      case '}', ']' -> {
        endScalar();
        depth = Math.max(0, depth - 1);
        keyNext = false;
      }
      case ',' -> {
        endScalar();
        keyNext = depth > 0 && !lists.get(depth);
      }
      case ':', ' ', '\t', '\r', '\n' -> endScalar();
      default -> {
        if (!inScalar) {
          inScalar = true;
          tokenLength = 0;
        }
        append(b);
      }
    }
  }

  private void inText(byte b) {
    if (escaped) {
      // An escape is told as its letter: what is looked for has none.
      escaped = false;
      append(b == 'n' || b == 't' || b == 'r' ? (byte) ' ' : b);
    } else if (b == '\\') {
      escaped = true;
    } else if (b == '"') {
      inText = false;
      if (keyNext) {
        key = text();
        keyNext = false;
      } else {
        found();
      }
    } else {
      append(b);
    }
  }

  private void append(byte b) {
    if (tokenLength < LONGEST_VALUE) {
      token[tokenLength++] = b;
    }
  }

  private String text() {
    return new String(token, 0, tokenLength, StandardCharsets.UTF_8);
  }

  private void endScalar() {
    if (inScalar) {
      inScalar = false;
      found();
    }
  }

  private void found() {
    if (depth > 0 && paths[depth] != null && !lists.get(depth)) {
      values.put(join(paths[depth], key), text());
    }
  }

  private void open(boolean list) {
    String path = "";
    if (depth > 0) {
      String outer = paths[depth];
      path = outer == null || lists.get(depth) ? outer : join(outer, key);
    }
    if (++depth >= DEEPEST) {
      lost = true;
      return;
    }
    if (depth == paths.length) {
      paths = Arrays.copyOf(paths, depth * 2);
    }
    paths[depth] = path != null && wanted.contains(path) ? path : null;
    lists.set(depth, list);
    keyNext = !list;
    key = "";
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
