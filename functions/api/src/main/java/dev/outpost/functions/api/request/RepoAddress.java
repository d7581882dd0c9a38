package dev.outpost.functions.api.request;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * Where a repository is.
 *
 * <p>Git understands more than addresses: {@code ext::} runs a command, and a leading dash is an
 * option. Only the forms that are listed here pass, and none of them with a credential in it, for
 * addresses are stored, shown and logged.
 */
sealed interface RepoAddress {
  /** Longest address, in characters. */
  int MAX_LENGTH = 500;

  /** An address that git may be given. */
  record Good(String url) implements RepoAddress {}

  /** No such address, and why not. */
  record Bad(String flaw) implements RepoAddress {}

  /** Reads an address as a client writes it. */
  static RepoAddress parse(String text, Set<RepoScheme> allowed) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return new Bad("must have 1 to " + MAX_LENGTH + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7F) {
        return new Bad("must not contain spaces, control characters or letters beyond ASCII");
      }
    }
    if (text.startsWith("-")) {
      return new Bad("must not begin with a dash");
    }
    if (text.contains("::") || text.contains("\\")) {
      return new Bad("must not contain :: or a backslash; " + forms(allowed));
    }
    if (Forms.SHORT.matcher(text).matches()) {
      return shortForm(text, allowed);
    }
    if (Forms.SCP_LIKE.matcher(text).matches()) {
      return allowed.contains(RepoScheme.SSH) ? new Good(text) : notAllowed("ssh", allowed);
    }
    return url(text, allowed);
  }

  private static RepoAddress shortForm(String text, Set<RepoScheme> allowed) {
    String name = text.endsWith(".git") ? text.substring(0, text.length() - 4) : text;
    if (name.endsWith("/") || name.endsWith("/.") || name.endsWith("/..")) {
      return new Bad("must name a repository after the slash");
    }
    return allowed.contains(RepoScheme.HTTPS)
        ? new Good("https://github.com/" + name + ".git")
        : notAllowed("https (which owner/name stands for)", allowed);
  }

  private static RepoAddress url(String text, Set<RepoScheme> allowed) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException _) {
      return new Bad("must be a well-formed address; " + forms(allowed));
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "https" -> allowed.contains(RepoScheme.HTTPS) ? https(uri) : notAllowed(scheme, allowed);
      case "ssh" -> allowed.contains(RepoScheme.SSH) ? ssh(uri) : notAllowed(scheme, allowed);
      case "file" -> allowed.contains(RepoScheme.FILE) ? file(uri) : notAllowed(scheme, allowed);
      default -> new Bad(forms(allowed));
    };
  }

  private static RepoAddress https(URI uri) {
    if (uri.getRawUserInfo() != null) {
      return new Bad("must not carry credentials; give the installation access instead");
    }
    return located(uri);
  }

  private static RepoAddress ssh(URI uri) {
    String user = uri.getRawUserInfo();
    if (user != null && !Forms.USER.matcher(user).matches()) {
      return new Bad("must not carry credentials: only a user's name may stand before the @");
    }
    return located(uri);
  }

  private static RepoAddress located(URI uri) {
    if (uri.getHost() == null || uri.getHost().startsWith("-")) {
      return new Bad("must name a host");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      return new Bad("must not have a query or a fragment");
    }
    return path(uri);
  }

  private static RepoAddress file(URI uri) {
    // With fewer slashes git would take "file" for a host.
    if (!uri.toString().startsWith("://", "file".length())
        || uri.getRawAuthority() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      return new Bad("must have the form file:///path");
    }
    return path(uri);
  }

  private static RepoAddress path(URI uri) {
    String path = uri.getRawPath();
    if (path == null || path.length() < 2 || path.startsWith("/-")) {
      return new Bad("must name a repository after the host");
    }
    // Git knows schemes in lower case only.
    String scheme = uri.getScheme();
    return new Good(scheme.toLowerCase(Locale.ROOT) + uri.toString().substring(scheme.length()));
  }

  private static Bad notAllowed(String scheme, Set<RepoScheme> allowed) {
    return new Bad("must not use " + scheme + " on this installation; " + forms(allowed));
  }

  private static String forms(Set<RepoScheme> allowed) {
    StringJoiner forms = new StringJoiner(" or ", "it must be ", "");
    if (allowed.contains(RepoScheme.HTTPS)) {
      forms.add("owner/name").add("https://host/path");
    }
    if (allowed.contains(RepoScheme.SSH)) {
      forms.add("ssh://host/path").add("git@host:path");
    }
    if (allowed.contains(RepoScheme.FILE)) {
      forms.add("file:///path");
    }
    return forms.toString();
  }

  /** The forms that are no URL. */
  final class Forms {
    private static final Pattern SHORT =
        Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}");
    private static final Pattern SCP_LIKE =
        Pattern.compile(
            "[A-Za-z0-9_][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z0-9._~/][^:@?#]*");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

    private Forms() {}
  }
}
