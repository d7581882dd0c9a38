package dev.outpost.functions.webhooks;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses are on the public internet: whoever is sent somewhere by a stranger must not be
 * sent to another.
 *
 * <p>IANA's registries of special-purpose addresses (RFC 6890, and what has been registered since),
 * and what is not for one receiver or not allotted. What a registry takes to be reachable but leads
 * on to an address that stands in it is not: translators (RFC 6052) and 6to4 (RFC 3056).
 */
final class GlobalAddresses {
  private static final List<Block> NOT_GLOBAL_4 =
      blocks(
          // "This network" (RFC 791).
          "0.0.0.0/8",
          // Private (RFC 1918).
          "10.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          // Between a provider and its customers (RFC 6598).
          "100.64.0.0/10",
          // The machine itself (RFC 1122).
          "127.0.0.0/8",
          // Of one link (RFC 3927); where clouds keep their metadata.
          "169.254.0.0/16",
          // IETF protocols (RFC 6890).
          "192.0.0.0/24",
          // For documentation (RFC 5737).
          "192.0.2.0/24",
          "198.51.100.0/24",
          "203.0.113.0/24",
          // The relays of 6to4 (RFC 7526).
          "192.88.99.0/24",
          // Benchmarks (RFC 2544).
          "198.18.0.0/15",
          // Multicast (RFC 5771).
          "224.0.0.0/4",
          // Reserved (RFC 1112), and the broadcast (RFC 919).
          "240.0.0.0/4");

  /**
   * All of IPv6 that has ever been allotted to single hosts on the internet (IANA, "Internet
   * Protocol Version 6 Address Space"). So no table must name the rest: {@code ::}, {@code ::1},
   * IPv4-compatible and -mapped, translated ({@code 64:ff9b::/96}, {@code 64:ff9b:1::/48}),
   * discarded ({@code 100::/64}), segments' ids ({@code 5f00::/16}), unique local ({@code
   * fc00::/7}), of a link ({@code fe80::/10}), multicast ({@code ff00::/8}).
   */
  private static final Block GLOBAL_6 = Block.of("2000::/3");

  private static final List<Block> NOT_GLOBAL_6 =
      blocks(
          // IETF protocols (RFC 2928): Teredo, benchmarks, ORCHID.
          "2001::/23",
          // For documentation (RFC 3849, RFC 9637).
          "2001:db8::/32",
          "3fff::/20",
          // 6to4 (RFC 3056).
          "2002::/16");

  private GlobalAddresses() {}

  /** Whether that is one of them. */
  static boolean contain(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4
        ? NOT_GLOBAL_4.stream().noneMatch(block -> block.contains(bytes))
        : GLOBAL_6.contains(bytes)
            && NOT_GLOBAL_6.stream().noneMatch(block -> block.contains(bytes));
  }

  private static List<Block> blocks(String... texts) {
    return Arrays.stream(texts).map(Block::of).toList();
  }

  /** Addresses that begin alike. */
  private static final class Block {
    private final byte[] first;
    private final int bits;

    private Block(byte[] first, int bits) {
      this.first = first;
      this.bits = bits;
    }

    /** In the notation of RFC 4632, section 3.1, and RFC 4291, section 2.3. */
    static Block of(String text) {
      int slash = text.indexOf('/');
      return new Block(
          InetAddress.ofLiteral(text.substring(0, slash)).getAddress(),
          Integer.parseInt(text.substring(slash + 1)));
    }

    boolean contains(byte[] address) {
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % Byte.SIZE;
        if (((first[bit / Byte.SIZE] ^ address[bit / Byte.SIZE]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
