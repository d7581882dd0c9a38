package dev.outpost.edge;

/** A text that is not the JSON it should be. Its message is safe to send to whoever wrote it. */
public final class MalformedJson extends Exception {
  /** States what is wrong with the text. */
  public MalformedJson(String message) {
    super(message);
  }
}
