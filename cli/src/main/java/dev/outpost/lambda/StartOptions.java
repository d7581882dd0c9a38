package dev.outpost.lambda;

import java.util.List;

/**
 * Ways to start a function's JVM.
 *
 * @param name what the table calls it
 * @param deployed whether with the variables that every deployed function has
 * @param options of the JVM, beside Lambda's own
 * @param archive the option that names an archive made by a run before; empty without one
 * @param recording the option that makes such an archive; empty likewise
 */
record StartOptions(
    String name, boolean deployed, List<String> options, String archive, String recording) {
  /** Copies. */
  StartOptions {
    options = List.copyOf(options);
  }

  /** Lambda's own collector and heap, everything else as the JDK has it. */
  static final StartOptions PLAIN = new StartOptions("plain", false, List.of(), "", "");

  /** The first compiler alone. */
  static final StartOptions C1_ONLY =
      new StartOptions("C1 only", false, List.of("-XX:TieredStopAtLevel=1"), "", "");

  /** As it is deployed. */
  static final StartOptions DEPLOYED = new StartOptions("deployed", true, List.of(), "", "");

  /** The same with both compilers; what the command line says counts. */
  static final StartOptions BOTH_COMPILERS =
      new StartOptions("C2 too", true, List.of("-XX:TieredStopAtLevel=4"), "", "");

  /** With an archive of loaded classes (JEP 350); for images alone. */
  static final StartOptions APP_CDS =
      new StartOptions(
          "AppCDS", true, List.of(), "-XX:SharedArchiveFile=", "-XX:ArchiveClassesAtExit=");

  /** With the cache of JEP 483, 514 and 515; for images alone. */
  static final StartOptions AOT_CACHE =
      new StartOptions("AOT cache", true, List.of(), "-XX:AOTCache=", "-XX:AOTCacheOutput=");

  /** Those whose starts are compared. */
  static final List<StartOptions> STARTING = List.of(PLAIN, C1_ONLY, DEPLOYED, APP_CDS, AOT_CACHE);

  /** Those whose restored instances are compared. */
  static final List<StartOptions> RESTORED = List.of(PLAIN, DEPLOYED, BOTH_COMPILERS);

  /** Whether it can't be had on the managed runtime, where a function is a zip. */
  boolean forImages() {
    return !archive.isEmpty();
  }
}
