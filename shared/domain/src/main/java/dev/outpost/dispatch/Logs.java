package dev.outpost.dispatch;

import java.util.List;

/** What the runners of dispatches printed. Safe for use by many threads. */
@FunctionalInterface
public interface Logs {
  /**
   * Lines of a launched dispatch's log.
   *
   * @param launch the launch whose log it is
   * @param offset number of the first line wanted, from 0
   * @param limit how many at most
   * @return the lines, fewer than {@code limit} at the end of what there is, empty past it
   */
  List<LogLine> read(DispatchId id, Launch launch, long offset, int limit);
}
