package dev.outpost.cli.admin;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.shell.Table;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Tenant;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Tenants and keys, told to a person or a program. */
final class Answers {
  private Answers() {}

  static Map<String, Object> document(Tenant tenant) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("tenantId", tenant.id().value());
    map.put("name", tenant.name());
    map.put("email", tenant.email());
    map.put("tier", tenant.tier().wire());
    map.put("status", status(tenant));
    map.put("createdAt", when(tenant.createdAt()));
    return map;
  }

  static Map<String, Object> document(ApiKey key, Instant now) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("keyId", key.keyId());
    map.put("prefix", key.prefix());
    map.put("tenantId", key.tenantId().value());
    map.put("label", key.label());
    map.put("scopes", scopes(key));
    map.put("status", status(key, now));
    map.put("createdAt", when(key.createdAt()));
    key.expiresAt().ifPresent(at -> map.put("expiresAt", when(at)));
    key.revokedAt().ifPresent(at -> map.put("revokedAt", when(at)));
    key.lastUsed().ifPresent(day -> map.put("lastUsed", day.toString()));
    return map;
  }

  /** The key with its secret: the only place that ever shows it. */
  static Map<String, Object> document(ApiKey key, KeySecret secret, Instant now) {
    Map<String, Object> map = document(key, now);
    map.put("key", secret.reveal());
    return map;
  }

  static void tell(PrintWriter out, Tenant tenant) {
    line(out, "tenant", tenant.id().value());
    line(out, "name", tenant.name());
    line(out, "email", tenant.email());
    line(out, "tier", tenant.tier().wire() + " (" + allowance(tenant) + ")");
    line(out, "status", status(tenant));
    line(out, "created", when(tenant.createdAt()));
  }

  static void tell(PrintWriter out, ApiKey key, KeySecret secret) {
    line(out, "key id", key.keyId());
    line(out, "prefix", key.prefix());
    line(out, "scopes", String.join(",", scopes(key)));
    line(out, "expires", key.expiresAt().map(Answers::when).orElse("never"));
    line(out, "key", secret.reveal());
    out.println();
    out.println("The key is shown this once; only its hash is kept.");
  }

  static Table tenants(List<Tenant> tenants) {
    Table table = new Table("TENANT", "NAME", "EMAIL", "TIER", "STATUS", "CREATED");
    for (Tenant tenant : tenants) {
      table.add(
          tenant.id().value(),
          tenant.name(),
          tenant.email(),
          tenant.tier().wire(),
          status(tenant),
          when(tenant.createdAt()));
    }
    return table;
  }

  static Table keys(List<ApiKey> keys, Instant now) {
    Table table = new Table("KEY", "PREFIX", "LABEL", "SCOPES", "STATUS", "EXPIRES", "LAST USED");
    for (ApiKey key : keys) {
      table.add(
          key.keyId(),
          key.prefix(),
          key.label(),
          String.join(",", scopes(key)),
          status(key, now),
          key.expiresAt().map(Answers::when).orElse("never"),
          key.lastUsed().map(Object::toString).orElse("never"));
    }
    return table;
  }

  static String json(Object document) {
    try {
      return JSON.std.asString(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String status(Tenant tenant) {
    return tenant.suspended() ? "suspended" : "active";
  }

  private static String status(ApiKey key, Instant now) {
    return switch (key.access(now)) {
      case GRANTED -> "active";
      case REVOKED, EXPIRED, SUSPENDED, MISSING, UNKNOWN -> key.access(now).wire();
    };
  }

  private static List<String> scopes(ApiKey key) {
    return key.scopes().stream()
        .sorted(Comparator.naturalOrder())
        .map(scope -> scope.wire())
        .collect(Collectors.toUnmodifiableList());
  }

  private static String allowance(Tenant tenant) {
    return String.format(
        Locale.ROOT,
        "%d at once, %d a day, %d s each",
        tenant.tier().concurrent(),
        tenant.tier().perDay(),
        tenant.tier().maxTimeout().toSeconds());
  }

  private static String when(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static void line(PrintWriter out, String label, String value) {
    out.println(label + " ".repeat(9 - label.length()) + value);
  }
}
