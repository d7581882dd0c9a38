package dev.outpost;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * A source of ULIDs: 26 characters that sort by time (https://github.com/ulid/spec).
 *
 * <p>Within one source they are strictly increasing, also inside one millisecond, so that whatever
 * one process accepts keeps its order. Safe for use by many threads.
 */
public final class Ulids {
  /** Length of a ULID in characters. */
  public static final int LENGTH = 26;

  private static final char[] CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private static final int RANDOM_BITS = 80;
  private static final Instant LAST = Instant.ofEpochMilli((1L << 48) - 1);

  private final InstantSource clock;
  private final RandomGenerator random;
  private long lastMillis = -1;
  // The 80 random bits, as 16 high and 64 low ones.
  private int high;
  private long low;

  /**
   * A source on that clock.
   *
   * @param random a cryptographic generator in production, so that ids can't be guessed; a seeded
   *     one in a simulation
   */
  public Ulids(InstantSource clock, RandomGenerator random) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.random = Objects.requireNonNull(random, "random");
  }

  /** A source on that clock with a cryptographic generator. */
  public Ulids(InstantSource clock) {
    this(clock, new SecureRandom());
  }

  /** The next ULID. */
  public synchronized String next() {
    long millis = clock.millis();
    if (millis > lastMillis) {
      lastMillis = millis;
      // The top bit stays clear, so that counting up within the millisecond can't overflow.
      high = random.nextInt(1 << 15);
      low = random.nextLong();
    } else if (++low == 0) {
      high++;
    }
    return encode(lastMillis, high, low);
  }

  /**
   * A ULID of that instant that follows from a text: always the same for the same two, and for
   * another text another one.
   */
  public static String derived(Instant instant, String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      ByteBuffer bits = ByteBuffer.wrap(digest);
      return encode(millis(instant), bits.getShort() & 0xFFFF, bits.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The smallest ULID of that instant: the lower bound for a search by time. */
  public static String floor(Instant instant) {
    return encode(millis(instant), 0, 0);
  }

  /** A ULID has 48 bits of milliseconds; what lies beyond is its first or its last moment. */
  private static long millis(Instant instant) {
    if (instant.isBefore(Instant.EPOCH)) {
      return 0;
    }
    return instant.isAfter(LAST) ? LAST.toEpochMilli() : instant.toEpochMilli();
  }

  /** Whether the text has a ULID's form. */
  public static boolean isUlid(String text) {
    if (text.length() != LENGTH || text.charAt(0) > '7') {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      boolean letter = c >= 'A' && c <= 'Z' && c != 'I' && c != 'L' && c != 'O' && c != 'U';
      if (!digit && !letter) {
        return false;
      }
    }
    return true;
  }

  private static String encode(long millis, int high, long low) {
    char[] text = new char[LENGTH];
    for (int i = 9; i >= 0; i--) {
      text[i] = CROCKFORD[(int) (millis & 31)];
      millis >>>= 5;
    }
    for (int i = LENGTH - 1, shift = 0; i >= 10; i--, shift += 5) {
      text[i] = CROCKFORD[fiveBits(high, low, shift)];
    }
    return new String(text);
  }

  private static int fiveBits(int high, long low, int shift) {
    assert shift < RANDOM_BITS;
    if (shift >= 64) {
      return (high >>> (shift - 64)) & 31;
    }
    long bits = low >>> shift;
    if (shift > 59) {
      bits |= (long) high << (64 - shift);
    }
    return (int) (bits & 31);
  }
}
