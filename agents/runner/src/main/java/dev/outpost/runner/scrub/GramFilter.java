package dev.outpost.runner.scrub;

/**
 * Says in one look-up whether anything that is searched for may begin with three characters. Filled
 * once, then only read.
 */
final class GramFilter {
  private static final int BITS = 17;
  private static final int MASK = 0xffffff;

  private final long[] bits = new long[1 << (BITS - 6)];

  /** The gram of the low bytes of three characters. */
  static int gram(String text, int at) {
    return ((text.charAt(at) & 0xff) << 16)
        | ((text.charAt(at + 1) & 0xff) << 8)
        | (text.charAt(at + 2) & 0xff);
  }

  private static int hash(int gram) {
    return ((gram & MASK) * 0x9E3779B1) >>> (32 - BITS);
  }

  void add(int gram) {
    int bit = hash(gram);
    bits[bit >>> 6] |= 1L << bit;
  }

  /** Whether something may begin with the gram; its upper byte does not count. */
  boolean mayBegin(int gram) {
    int bit = hash(gram);
    return (bits[bit >>> 6] & (1L << bit)) != 0;
  }
}
