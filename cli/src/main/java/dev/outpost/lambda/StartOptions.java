package dev.outpost.lambda;

import java.util.List;

/**
 * Ways to start a function's JVM.
 *
 * @param name what the table calls it
 * @param options of the JVM
 * @param archive the option that names an archive made by a run before; empty without one
 * @param recording the option that makes such an archive; empty likewise
 */
record StartOptions(String name, List<String> options, String archive, String recording) {
  private static final String SERIAL = "-XX:+UseSerialGC";
  private static final String C1 = "-XX:TieredStopAtLevel=1";

  /** Copies. */
  StartOptions {
    options = List.copyOf(options);
  }

  /** Lambda's own collector, everything else as the JDK has it. */
  static final StartOptions PLAIN = new StartOptions("plain", List.of(SERIAL), "", "");

  /** The first compiler alone. */
  static final StartOptions C1_ONLY = new StartOptions("C1 only", List.of(SERIAL, C1), "", "");

  /** With an archive of loaded classes (JEP 350); for images alone. */
  static final StartOptions APP_CDS =
      new StartOptions(
          "AppCDS", List.of(SERIAL, C1), "-XX:SharedArchiveFile=", "-XX:ArchiveClassesAtExit=");

  /** With the cache of JEP 483, 514 and 515; for images alone. */
  static final StartOptions AOT_CACHE =
      new StartOptions("AOT cache", List.of(SERIAL, C1), "-XX:AOTCache=", "-XX:AOTCacheOutput=");

  static final List<StartOptions> ALL = List.of(PLAIN, C1_ONLY, APP_CDS, AOT_CACHE);

  /** Whether it can't be had on the managed runtime, where a function is a zip. */
  boolean forImages() {
    return !archive.isEmpty();
  }
}
