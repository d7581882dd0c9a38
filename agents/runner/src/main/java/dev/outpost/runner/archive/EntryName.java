package dev.outpost.runner.archive;

import java.util.Locale;

/** Which paths an archive may have. */
final class EntryName {
  /** Longest path, in characters; Linux takes 4,096 bytes in a call. */
  private static final int MAX_LENGTH = 2_000;

  private EntryName() {}

  /** Whether a relative path leads to a place below its beginning, and to nothing of git's. */
  static boolean isSafe(String path) {
    if (path.isEmpty() || path.length() > MAX_LENGTH || path.indexOf('\0') >= 0) {
      return false;
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || isGits(part)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether some file system may take a name for {@code .git}: without regard to case, to dots and
   * spaces at its end, to what follows a colon, to characters that are not shown, or by its short
   * form (as git's own checks of trees, {@code is_ntfs_dotgit} and {@code is_hfs_dotgit}).
   */
  static boolean isGits(String name) {
    StringBuilder shown = new StringBuilder();
    name.codePoints().filter(c -> !isIgnored(c)).forEach(shown::appendCodePoint);
    String text = shown.toString().toLowerCase(Locale.ROOT);
    int colon = text.indexOf(':');
    String stem = colon < 0 ? text : text.substring(0, colon);
    int end = stem.length();
    while (end > 0 && (stem.charAt(end - 1) == '.' || stem.charAt(end - 1) == ' ')) {
      end--;
    }
    String bare = stem.substring(0, end);
    return bare.equals(".git") || bare.equals("git~1");
  }

  private static boolean isIgnored(int c) {
    return (c >= 0x200C && c <= 0x200F)
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x206A && c <= 0x206F)
        || c == 0xFEFF;
  }
}
