package dev.outpost.protocol;

/** A body that is no message of the runner protocol. Its message is safe to send back. */
public final class MalformedMessage extends Exception {
  /** States what is wrong with the body. */
  public MalformedMessage(String message) {
    super(message);
  }
}
