package dev.outpost.runner.gateway;

/** What became of fetching a file. */
public sealed interface Fetched {
  /** It is there, whole. */
  record Whole() implements Fetched {}

  /**
   * The object store has it no longer, or gives it to nobody.
   *
   * @param status the HTTP status that says so
   */
  record Gone(int status) implements Fetched {}

  /**
   * It could not be fetched now.
   *
   * @param why a sentence's part, without the URL
   */
  record Unfetched(String why) implements Fetched {}
}
