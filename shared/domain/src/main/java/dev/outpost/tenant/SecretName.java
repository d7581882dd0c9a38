package dev.outpost.tenant;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of a tenant's secret, which is also the variable that an agent finds it in. Names that
 * steer a process (its loader, its shell, its proxies, where it sends its calls) are none: a
 * variable of that kind is no secret, and whoever sets it runs what they like.
 */
public record SecretName(String value) implements Comparable<SecretName> {
  /** The form of a name, as it is told to people. */
  public static final String FORM =
      "must have 1 to 64 characters of A to Z, 0 to 9 and _, and begin with a letter";

  private static final Pattern SHAPE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

  private static final List<String> STEERING_BEGINNINGS =
      List.of(
          "OUTPOST_",
          "LD_",
          "DYLD_",
          "LC_",
          "XDG_",
          "BASH_",
          "PYTHON",
          "PERL",
          "RUBY",
          "NPM_CONFIG",
          "PIP_",
          "CLAUDE_CODE_",
          "CODEX_",
          "GEMINI_CLI_",
          "AIDER_",
          "GROK_");

  private static final List<String> STEERING_ENDS =
      List.of("_PROXY", "_BASE_URL", "_API_BASE", "_ENDPOINT", "_OPTS", "_OPTIONS");

  private static final Set<String> STEERING =
      Set.of(
          "PATH",
          "HOME",
          "SHELL",
          "ENV",
          "IFS",
          "CDPATH",
          "TERM",
          "LANG",
          "LANGUAGE",
          "TMPDIR",
          "TMP",
          "TEMP",
          "USER",
          "LOGNAME",
          "PWD",
          "OLDPWD",
          "SHLVL",
          "EDITOR",
          "VISUAL",
          "PAGER",
          "BROWSER",
          "CLASSPATH",
          "JAVA_HOME",
          "NODE_PATH",
          "NODE_EXTRA_CA_CERTS",
          "NODE_TLS_REJECT_UNAUTHORIZED",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "CURL_CA_BUNDLE",
          "REQUESTS_CA_BUNDLE",
          "SSH_ASKPASS",
          "SSH_AUTH_SOCK",
          "PROMPT_COMMAND",
          "GLOBIGNORE",
          "IS_SANDBOX",
          "DISABLE_AUTOUPDATER");

  /** Refuses what is no such name. */
  public SecretName {
    flaw(Objects.requireNonNull(value, "value"))
        .ifPresent(
            flaw -> {
              throw new IllegalArgumentException("a secret's name " + flaw);
            });
  }

  /** The name that the text spells, or empty when it is none. */
  public static Optional<SecretName> parse(String text) {
    return flaw(text).isPresent() ? Optional.empty() : Optional.of(new SecretName(text));
  }

  /** What is wrong with a text as a name; empty when nothing is. */
  public static Optional<String> flaw(String text) {
    if (!SHAPE.matcher(text).matches()) {
      return Optional.of(FORM);
    }
    return steers(text)
        ? Optional.of("must not be that of a variable that steers programs")
        : Optional.empty();
  }

  private static boolean steers(String name) {
    // Git reads some forty variables of its own, and this one is none of them.
    if (name.startsWith("GIT_")) {
      return !name.equals(GitTokens.NAME);
    }
    return STEERING.contains(name)
        || STEERING_BEGINNINGS.stream().anyMatch(name::startsWith)
        || STEERING_ENDS.stream().anyMatch(name::endsWith);
  }

  @Override
  public int compareTo(SecretName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
