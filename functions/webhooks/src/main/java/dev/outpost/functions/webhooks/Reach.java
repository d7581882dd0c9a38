package dev.outpost.functions.webhooks;

import java.net.InetAddress;
import java.net.URI;

/** How far webhooks may lead. */
public enum Reach {
  /** To hosts of the public internet, by https. */
  THE_INTERNET,

  /** Besides, to whatever listens on this machine alone, and by plain http. */
  THIS_MACHINE_TOO;

  /** Whether a URL of that scheme may be told. */
  boolean allowsSchemeOf(URI url) {
    return "https".equalsIgnoreCase(url.getScheme())
        || (this == THIS_MACHINE_TOO && "http".equalsIgnoreCase(url.getScheme()));
  }

  /** Whether a connection to that address may be opened. */
  boolean allows(InetAddress address) {
    return GlobalAddresses.contain(address)
        || (this == THIS_MACHINE_TOO && address.isLoopbackAddress());
  }
}
