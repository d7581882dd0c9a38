package dev.outpost.functions.api.request;

import dev.outpost.webhook.Webhook;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a webhook may be, as far as the text alone tells.
 *
 * <p>This spares a client a webhook that could never be told; it guards nothing. A name may lead
 * anywhere, and elsewhere tomorrow, so the guard stands where the connection is made: each delivery
 * resolves the name and connects to no address but those of the internet.
 */
sealed interface WebhookAddress {
  /** An address that can be told. */
  record Good(URI url) implements WebhookAddress {}

  /** None, and why not. */
  record Bad(String flaw) implements WebhookAddress {}

  /**
   * Reads an address as a client writes it.
   *
   * @param local whether plain http and this machine are allowed too
   */
  static WebhookAddress parse(String text, boolean local) {
    if (text.isEmpty() || text.length() > Webhook.MAX_URL) {
      return new Bad("must have 1 to " + Webhook.MAX_URL + " characters; it has " + text.length());
    }
    if (text.chars().anyMatch(c -> c <= ' ' || c >= 0x7F)) {
      return new Bad("must not contain spaces, control characters or letters beyond ASCII");
    }
    String form =
        local ? "it must be https://host/path, or http here" : "it must be https://host/path";
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException _) {
      return new Bad("must be a well-formed address; " + form);
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !(local && scheme.equals("http"))) {
      return new Bad("must have the right scheme; " + form);
    }
    if (url.getRawUserInfo() != null) {
      return new Bad("must not carry credentials; the signature tells who sends it");
    }
    if (url.getRawFragment() != null) {
      return new Bad("must not have a fragment, which is never sent");
    }
    if (url.getHost() == null) {
      return new Bad("must name a host; " + form);
    }
    if (url.getPort() == 0 || url.getPort() > 0xFFFF) {
      return new Bad("must have a port from 1 to 65535");
    }
    return hostFlaw(url.getHost().toLowerCase(Locale.ROOT), local)
        .<WebhookAddress>map(Bad::new)
        .orElseGet(() -> new Good(url));
  }

  private static Optional<String> hostFlaw(String host, boolean local) {
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return local ? Optional.empty() : unreachable();
    }
    InetAddress address;
    try {
      // Reads literals alone, and asks no name server.
      address = InetAddress.ofLiteral(host.replace("[", "").replace("]", ""));
    } catch (IllegalArgumentException _) {
      return host.startsWith("[") ? Optional.of("must name a host") : Optional.empty();
    }
    if (address.isLoopbackAddress()) {
      return local ? Optional.empty() : unreachable();
    }
    return address.isAnyLocalAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || address.isMulticastAddress()
        ? unreachable()
        : Optional.empty();
  }

  private static Optional<String> unreachable() {
    return Optional.of(
        "must lead to a host of the internet, not to a machine or network of its own");
  }
}
