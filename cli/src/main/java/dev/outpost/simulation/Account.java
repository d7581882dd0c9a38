package dev.outpost.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a client knows of its tenant: its id, and its keys, of which it mostly uses the newest. */
final class Account {
  private static final double OLD_KEY = 0.3;

  private final String tenant;
  private final List<Key> keys = new ArrayList<>();

  /** A key and the moment from which it must not work any more. */
  static final class Key {
    private final String id;
    private final String secret;
    private Optional<Instant> revoked = Optional.empty();

    Key(String id, String secret) {
      this.id = Objects.requireNonNull(id, "id");
      this.secret = Objects.requireNonNull(secret, "secret");
    }

    String id() {
      return id;
    }

    String secret() {
      return secret;
    }

    Optional<Instant> revoked() {
      return revoked;
    }

    void revokedAt(Instant now) {
      revoked = Optional.of(now);
    }
  }

  Account(String tenant) {
    this.tenant = Objects.requireNonNull(tenant, "tenant");
  }

  String tenant() {
    return tenant;
  }

  void add(Key key) {
    keys.add(key);
  }

  Key newest() {
    return keys.getLast();
  }

  /** The key that a request is sent with: sometimes still an old one, as programs have it. */
  Key key(Chance chance) {
    return keys.size() > 1 && chance.hit(OLD_KEY) ? chance.oneOf(keys) : newest();
  }

  List<Key> keys() {
    return keys;
  }
}
