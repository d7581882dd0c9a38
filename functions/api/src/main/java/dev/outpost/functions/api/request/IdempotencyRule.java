package dev.outpost.functions.api.request;

import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.edge.Fields;
import java.util.Optional;

/** The client's word for one intended dispatch: in the body, or in the header, or in both alike. */
final class IdempotencyRule {
  /** The header that may carry it, in lower case. */
  static final String HEADER = "idempotency-key";

  /** The field that may carry it. */
  static final String FIELD = "idempotencyKey";

  private IdempotencyRule() {}

  static Optional<String> read(Fields fields, Optional<String> header) {
    Optional<String> field = fields.text(FIELD);
    field.ifPresent(key -> check(fields, FIELD, key));
    header.ifPresent(key -> check(fields, "Idempotency-Key", key));
    if (field.isPresent() && header.isPresent() && !field.equals(header)) {
      fields.wrong(FIELD, "differs from the header Idempotency-Key; send one of them");
    }
    return field.isPresent() ? field : header;
  }

  private static void check(Fields fields, String path, String key) {
    boolean visible = key.chars().allMatch(c -> c > ' ' && c < 0x7F);
    if (key.isEmpty() || key.length() > IdempotencyKey.MAX_LENGTH || !visible) {
      fields.wrong(
          path,
          "must have 1 to "
              + IdempotencyKey.MAX_LENGTH
              + " visible ASCII characters, without spaces");
    }
  }
}
