package dev.outpost.runner.scrub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The forms in which programs print one secret.
 *
 * <p>A form is either {@code whole} (it counts only complete) or {@code dense} (base64 and hex: a
 * piece of it betrays as much as its length, and tools wrap such text at 60 to 76 columns, so each
 * longer piece counts).
 */
final class SecretForms {
  /** A secret shorter than this is not looked for: it would hide ordinary words. */
  static final int SHORTEST_SECRET = 4;

  /** A line of a secret of several lines counts from this length on. */
  static final int SHORTEST_LINE = 8;

  private static final int SHORTEST_ENCODED = 8;

  private final Set<String> whole = new LinkedHashSet<>();
  private final Set<String> dense = new LinkedHashSet<>();

  SecretForms(Iterable<String> secrets) {
    for (String secret : secrets) {
      add(secret);
      add(secret.strip());
    }
  }

  Set<String> whole() {
    return whole;
  }

  Set<String> dense() {
    return dense;
  }

  private void add(String secret) {
    if (secret.length() < SHORTEST_SECRET) {
      return;
    }
    List<String> lines = secret.lines().toList();
    if (lines.size() == 1) {
      whole.add(lines.getFirst());
    } else {
      lines.stream()
          .map(String::strip)
          .filter(line -> line.length() >= SHORTEST_LINE)
          .forEach(whole::add);
    }
    byte[] bytes = secret.getBytes(UTF_8);
    addBase64(bytes);
    String hex = HexFormat.of().formatHex(bytes);
    if (hex.length() >= SHORTEST_ENCODED) {
      dense.add(hex);
      dense.add(hex.toUpperCase(Locale.ROOT));
    }
    addUrlEncoded(secret);
    addEscaped(secret);
    // A patch is read byte by byte as Latin-1.
    addEncoded(secret, new String(bytes, ISO_8859_1));
  }

  /** What base64 makes of the secret behind 0, 1 or 2 other bytes, without the shared edges. */
  private void addBase64(byte[] bytes) {
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      int from = (8 * before + 5) / 6;
      int to = 8 * shifted.length / 6;
      if (to - from >= SHORTEST_ENCODED) {
        dense.add(Base64.getEncoder().encodeToString(shifted).substring(from, to));
        dense.add(Base64.getUrlEncoder().encodeToString(shifted).substring(from, to));
      }
    }
  }

  private void addUrlEncoded(String secret) {
    String encoded = URLEncoder.encode(secret, UTF_8);
    String spaced = encoded.replace("+", "%20");
    // Programs differ in which marks they leave as they are.
    String lenient =
        spaced
            .replace("%7E", "~")
            .replace("%21", "!")
            .replace("%27", "'")
            .replace("%28", "(")
            .replace("%29", ")");
    for (String form : List.of(encoded, spaced, spaced.replace("*", "%2A"), lenient)) {
      addEncoded(secret, form);
      addEncoded(secret, lowerCaseEscapes(form));
    }
  }

  private static String lowerCaseEscapes(String encoded) {
    StringBuilder lower = new StringBuilder(encoded);
    for (int i = encoded.indexOf('%'); i >= 0; i = encoded.indexOf('%', i + 3)) {
      lower.setCharAt(i + 1, Character.toLowerCase(encoded.charAt(i + 1)));
      lower.setCharAt(i + 2, Character.toLowerCase(encoded.charAt(i + 2)));
    }
    return lower.toString();
  }

  private void addEscaped(String secret) {
    String json = json(secret, false);
    addEncoded(secret, json);
    addEncoded(secret, json.replace("/", "\\/"));
    addEncoded(secret, json(secret, true));
    // Go's and others' JSON is made safe for HTML.
    addEncoded(
        secret, json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"));
    addEncoded(
        secret,
        secret
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;"));
  }

  private static String json(String secret, boolean asciiOnly) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < secret.length(); i++) {
      char c = secret.charAt(i);
      switch (c) {
        case '"' -> escaped.append("\\\"");
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> {
          if (c < ' ' || (asciiOnly && c > '~')) {
            escaped.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString();
  }

  private void addEncoded(String secret, String form) {
    if (!form.equals(secret) && form.length() >= SHORTEST_ENCODED && form.indexOf('\n') < 0) {
      whole.add(form);
    }
  }
}
