package dev.outpost.cli.shell;

/** A command that can answer in JSON; then its complaints are a JSON document as well. */
public interface SpeaksJson {
  /** Whether it was asked to. */
  boolean json();
}
