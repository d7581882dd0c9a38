package dev.outpost.tenant;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All of one tenant's secrets, as whoever keeps them reads and writes them: whole.
 *
 * @param entries the secrets by their names
 */
public record SecretBox(Map<SecretName, Entry> entries) {
  /** Without a secret. */
  public static final SecretBox EMPTY = new SecretBox(Map.of());

  /** Copies the map. */
  public SecretBox {
    entries = Map.copyOf(entries);
  }

  /**
   * A secret.
   *
   * @param value its value
   * @param updatedAt when that was set
   */
  public record Entry(String value, Instant updatedAt) {
    /** Refuses nulls. */
    public Entry {
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(updatedAt, "updatedAt");
    }

    /** Shows no value. */
    @Override
    public String toString() {
      return "Entry[" + updatedAt + "]";
    }
  }

  /** The box with that secret; empty when it does not fit in. */
  public Optional<SecretBox> with(SecretName name, String value, Instant now) {
    Map<SecretName, Entry> more = new HashMap<>(entries);
    more.put(name, new Entry(value, now));
    int total = more.values().stream().mapToInt(entry -> weight(entry.value())).sum();
    return more.size() > TenantSecrets.MAX_SECRETS || total > TenantSecrets.MAX_TOTAL_BYTES
        ? Optional.empty()
        : Optional.of(new SecretBox(more));
  }

  /** The box without the secret of that name. */
  public SecretBox without(SecretName name) {
    Map<SecretName, Entry> fewer = new HashMap<>(entries);
    fewer.remove(name);
    return new SecretBox(fewer);
  }

  /** The names and times, in the names' order. */
  public List<TenantSecrets.Kept> list() {
    List<TenantSecrets.Kept> kept = new ArrayList<>();
    new TreeMap<>(entries)
        .forEach((name, entry) -> kept.add(new TenantSecrets.Kept(name, entry.updatedAt())));
    return List.copyOf(kept);
  }

  /** The names and values. */
  public OwnSecrets own() {
    Map<String, String> values = new HashMap<>();
    entries.forEach((name, entry) -> values.put(name.value(), entry.value()));
    return new OwnSecrets(values);
  }

  /**
   * How many bytes a value takes in JSON: those of UTF-8, and one more for each character that is
   * escaped.
   */
  public static int weight(String value) {
    int escaped = (int) value.chars().filter(c -> c < ' ' || c == '"' || c == '\\').count();
    return value.getBytes(StandardCharsets.UTF_8).length + escaped;
  }
}
