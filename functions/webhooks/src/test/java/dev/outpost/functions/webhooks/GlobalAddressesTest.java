package dev.outpost.functions.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobalAddressesTest {
  /** First and last of each range, and their neighbours, where these are on the internet. */
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.255.255.255, , 1.0.0.0",
    "10.0.0.0, 10.255.255.255, 9.255.255.255, 11.0.0.0",
    "100.64.0.0, 100.127.255.255, 100.63.255.255, 100.128.0.0",
    "127.0.0.0, 127.255.255.255, 126.255.255.255, 128.0.0.0",
    "169.254.0.0, 169.254.255.255, 169.253.255.255, 169.255.0.0",
    "172.16.0.0, 172.31.255.255, 172.15.255.255, 172.32.0.0",
    "192.0.0.0, 192.0.0.255, 191.255.255.255, 192.0.1.0",
    "192.0.2.0, 192.0.2.255, 192.0.1.255, 192.0.3.0",
    "192.88.99.0, 192.88.99.255, 192.88.98.255, 192.88.100.0",
    "192.168.0.0, 192.168.255.255, 192.167.255.255, 192.169.0.0",
    "198.18.0.0, 198.19.255.255, 198.17.255.255, 198.20.0.0",
    "198.51.100.0, 198.51.100.255, 198.51.99.255, 198.51.101.0",
    "203.0.113.0, 203.0.113.255, 203.0.112.255, 203.0.114.0",
    "224.0.0.0, 239.255.255.255, 223.255.255.255, ",
    "240.0.0.0, 255.255.255.255, , ",
    "::, ::, , ",
    "::1, ::1, , ",
    // IPv4-compatible, of any address.
    "::8.8.8.8, ::ffff:ffff, , ",
    "64:ff9b::, 64:ff9b::ffff:ffff, , ",
    "64:ff9b::8.8.8.8, 64:ff9b::7f00:1, , ",
    "64:ff9b:1::, 64:ff9b:1:ffff:ffff:ffff:ffff:ffff, , ",
    "100::, 100::ffff:ffff:ffff:ffff, , ",
    "100:0:0:1::, 100:0:0:1:ffff:ffff:ffff:ffff, , ",
    "2001::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, 2000:ffff::, 2001:200::",
    "2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db7:ffff::, 2001:db9::",
    "2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:ffff::, 2003::",
    "3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, 3ffe:ffff::, 3fff:1000::",
    "5f00::, 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , ",
    "fc00::, fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , ",
    "fd00:ec2::254, fd00:ec2::254, , ",
    "fe80::, febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , ",
    "fec0::, feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , ",
    "ff00::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , ",
    "4000::, 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , "
  })
  void aSpecialRangeIsNotGlobalFromItsFirstAddressToItsLast(
      String first, String last, String before, String after) {
    assertThat(GlobalAddresses.contain(InetAddress.ofLiteral(first))).as(first).isFalse();
    assertThat(GlobalAddresses.contain(InetAddress.ofLiteral(last))).as(last).isFalse();
    if (before != null) {
      assertThat(GlobalAddresses.contain(InetAddress.ofLiteral(before))).as(before).isTrue();
    }
    if (after != null) {
      assertThat(GlobalAddresses.contain(InetAddress.ofLiteral(after))).as(after).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001::1"})
  void whatAnybodyCanReachIsGlobal(String address) {
    assertThat(GlobalAddresses.contain(InetAddress.ofLiteral(address))).isTrue();
  }

  @Test
  void anAddressOfVersion4InTheFormOfVersion6IsNoneOfVersion6() throws UnknownHostException {
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    mapped[12] = 8;
    mapped[13] = 8;
    mapped[14] = 8;
    mapped[15] = 8;
    // The JDK makes version 4 of it almost everywhere, and then it is as good as that.
    assertThat(GlobalAddresses.contain(Inet6Address.getByAddress("", mapped, 1))).isFalse();
    assertThat(GlobalAddresses.contain(InetAddress.ofLiteral("::ffff:8.8.8.8"))).isTrue();
    assertThat(GlobalAddresses.contain(InetAddress.ofLiteral("::ffff:127.0.0.1"))).isFalse();
    assertThat(GlobalAddresses.contain(InetAddress.ofLiteral("::ffff:a00:1"))).isFalse();
  }
}
