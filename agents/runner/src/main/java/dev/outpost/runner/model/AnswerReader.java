package dev.outpost.runner.model;

/**
 * Reads along with an answer that passes: a JSON document, or a stream of server-sent events (HTML
 * standard, "Server-sent events") of which each has one. For one thread.
 */
final class AnswerReader {
  private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

  private final Told told;
  private final boolean events;
  private final JsonScan scan = new JsonScan(Told.WANTED);
  private int column;
  private boolean isData = true;
  private boolean hasData;
  private long eventCount;

  /**
   * A reader.
   *
   * @param told learns what is found
   * @param events whether the answer is a stream of events
   */
  AnswerReader(Told told, boolean events) {
    this.told = told;
    this.events = events;
  }

  /** How many events with data there were. */
  long events() {
    return eventCount;
  }

  /** Takes the next bytes; answers whether something new may have been told. */
  boolean take(byte[] bytes, int length) {
    if (!events) {
      for (int i = 0; i < length; i++) {
        scan.take(bytes[i]);
      }
      return false;
    }
    long before = eventCount;
    for (int i = 0; i < length; i++) {
      take(bytes[i]);
    }
    return eventCount > before;
  }

  private void take(byte b) {
    if (b == '\n') {
      if (column == 0) {
        endEvent();
      } else if (isData && column > DATA.length) {
        scan.take(b);
      }
      column = 0;
      isData = true;
    } else if (b != '\r') {
      if (column >= DATA.length) {
        if (isData) {
          hasData = true;
          scan.take(b);
        }
      } else {
        isData &= b == DATA[column];
      }
      column = Math.min(column + 1, DATA.length + 1);
    }
  }

  private void endEvent() {
    if (hasData) {
      eventCount++;
      told.take(scan.values());
    }
    scan.reset();
    hasData = false;
  }

  /** Nothing more comes. */
  void finish() {
    if (events) {
      endEvent();
    } else {
      told.take(scan.values());
      scan.reset();
    }
  }
}
