package dev.outpost.cli.admin;

import java.util.List;

/** The dead letters of one queue. Safe for use by many threads. */
public interface DeadLetters {
  /** How many there are. On SQS about so many: its counts lag by up to a minute. */
  int count();

  /**
   * What lies there, without moving it.
   *
   * @param most how many at most
   */
  List<DeadLetter> look(int most);

  /**
   * Puts all back into their queue, as new messages with no receipts.
   *
   * @return how many were moved
   */
  int redrive();
}
