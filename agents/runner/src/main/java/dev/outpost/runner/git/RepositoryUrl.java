package dev.outpost.runner.git;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.List;
import java.util.Optional;

/**
 * A repository's address, with its credentials held apart.
 *
 * @param address what git is called with, and what may be shown: without credentials
 * @param credentials user and password of an http(s) URL that had them
 */
public record RepositoryUrl(String address, Optional<Credentials> credentials) {
  /**
   * User and password.
   *
   * @param written as they stand in the URL
   */
  public record Credentials(String user, String password, String written) {
    /** Shows neither. */
    @Override
    public String toString() {
      return "Credentials[]";
    }

    /** All texts that must not be seen. */
    public List<String> secrets() {
      // https://TOKEN@host and https://TOKEN:x-oauth-basic@host carry the token as the user.
      return password.isEmpty() || password.equals("x-oauth-basic")
          ? List.of(written, user)
          : List.of(written, password);
    }
  }

  /** Reads a URL that git understands; a path of this machine becomes a file URL. */
  public static RepositoryUrl of(String url) {
    if (url.startsWith("/")) {
      // Git ignores --depth for a path.
      return new RepositoryUrl("file://" + url, Optional.empty());
    }
    int scheme = url.indexOf("://");
    if (scheme < 0 || !url.regionMatches(true, 0, "http", 0, 4)) {
      return new RepositoryUrl(url, Optional.empty());
    }
    int from = scheme + 3;
    int slash = url.indexOf('/', from);
    int at = url.lastIndexOf('@', slash < 0 ? url.length() : slash);
    if (at < from) {
      return new RepositoryUrl(url, Optional.empty());
    }
    String written = url.substring(from, at);
    int colon = written.indexOf(':');
    String user = colon < 0 ? written : written.substring(0, colon);
    String password = colon < 0 ? "" : written.substring(colon + 1);
    return new RepositoryUrl(
        url.substring(0, from) + url.substring(at + 1),
        Optional.of(new Credentials(decoded(user), decoded(password), written)));
  }

  /** Scheme, host and port of an http(s) address. */
  String origin() {
    int slash = address.indexOf('/', address.indexOf("://") + 3);
    return slash < 0 ? address : address.substring(0, slash);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }
}
