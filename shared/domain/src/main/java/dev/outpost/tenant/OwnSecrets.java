package dev.outpost.tenant;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A tenant's secrets with their values, on their way to a run.
 *
 * @param values the values by their names
 */
public record OwnSecrets(Map<String, String> values) {
  /** Of a tenant that has none, or of whom none are wanted. */
  public static final OwnSecrets NONE = new OwnSecrets(Map.of());

  /** Copies the map. */
  public OwnSecrets {
    values = Map.copyOf(values);
  }

  /** The secret of that name. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The names alone. */
  public Set<String> names() {
    return values.keySet();
  }

  /** Shows no value. */
  @Override
  public String toString() {
    return "OwnSecrets" + values.keySet();
  }
}
