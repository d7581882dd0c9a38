package dev.outpost.functions.api.request;

import java.util.Optional;

/** The rules of git for names of branches (git-check-ref-format, and git-branch). */
public final class BranchName {
  private static final int MAX_LENGTH = 255;
  private static final String FORBIDDEN = " ~^:?*[\\";

  private BranchName() {}

  /** What is wrong with the name; empty when nothing is. */
  public static Optional<String> flaw(String name) {
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      return Optional.of("must have 1 to " + MAX_LENGTH + " characters");
    }
    if (name.startsWith("-")) {
      return Optional.of("must not begin with a dash");
    }
    if (name.equals("@") || name.equals("HEAD")) {
      return Optional.of("must name a branch, which " + name + " does not");
    }
    for (int i = 0; i < name.length(); i++) {
      if (FORBIDDEN.indexOf(name.charAt(i)) >= 0) {
        return Optional.of("must not contain spaces or any of ~ ^ : ? * [ \\");
      }
    }
    if (name.contains("..") || name.contains("@{") || name.endsWith(".")) {
      return Optional.of("must not contain .. or @{ nor end with a dot");
    }
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.startsWith(".") || part.endsWith(".lock")) {
        return Optional.of(
            "must not have a part that is empty, begins with a dot or ends with .lock");
      }
    }
    return PlainText.lineFlaw(name);
  }
}
