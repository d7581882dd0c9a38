package dev.outpost.functions.webhooks;

import java.net.InetAddress;
import java.util.Objects;
import org.apache.http.conn.DnsResolver;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;

/**
 * The ways out.
 *
 * @param names tells a name's addresses
 * @param plain opens connections for http
 * @param secure opens connections for https, and closes them when the certificate is not the name's
 */
record Network(DnsResolver names, ConnectionSocketFactory plain, ConnectionSocketFactory secure) {
  Network {
    Objects.requireNonNull(names, "names");
    Objects.requireNonNull(plain, "plain");
    Objects.requireNonNull(secure, "secure");
  }

  /** That of this machine, with the certificate authorities that the JDK trusts. */
  static Network here() {
    return new Network(
        InetAddress::getAllByName,
        PlainConnectionSocketFactory.getSocketFactory(),
        SSLConnectionSocketFactory.getSocketFactory());
  }
}
