package dev.outpost.embedded;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.items.SecretBoxItem;
import dev.outpost.tenant.OwnSecrets;
import dev.outpost.tenant.SecretBox;
import dev.outpost.tenant.SecretName;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.TenantSecrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tenants' secrets, apart from the store: in a file of their own, which its owner alone may read,
 * or in memory. The file is {@code {tenant: {NAME: {value, updated_at}}}}; a change is on the disk
 * when it is answered. Safe for use by many threads of one process, which must be the file's only
 * writer.
 */
public final class EmbeddedTenantSecrets implements TenantSecrets {
  private static final String OWNER_ALONE = "rw-------";

  private final Optional<Path> file;
  private final Map<TenantId, SecretBox> boxes = new HashMap<>();

  private EmbeddedTenantSecrets(Optional<Path> file) {
    this.file = file;
  }

  /** None at first, and none after the process. */
  public static EmbeddedTenantSecrets inMemory() {
    return new EmbeddedTenantSecrets(Optional.empty());
  }

  /**
   * The secrets of that file; none when it is not there.
   *
   * @throws IOException when it can't be read, or holds something else
   */
  public static EmbeddedTenantSecrets inFile(Path file) throws IOException {
    EmbeddedTenantSecrets secrets = new EmbeddedTenantSecrets(Optional.of(file));
    if (Files.exists(file)) {
      secrets.read(file);
    }
    return secrets;
  }

  private synchronized void read(Path file) throws IOException {
    try {
      for (Map.Entry<String, Object> entry :
          JSON.std.mapFrom(Files.readAllBytes(file)).entrySet()) {
        if (!(entry.getValue() instanceof Map<?, ?> map)) {
          throw malformed(file);
        }
        Map<String, Object> item = new LinkedHashMap<>();
        map.forEach((name, value) -> item.put(String.valueOf(name), value));
        boxes.put(new TenantId(entry.getKey()), SecretBoxItem.fromItem(item));
      }
    } catch (JacksonException | IllegalArgumentException _) {
      // The parser's complaint quotes what it read.
      throw malformed(file);
    }
  }

  private static IOException malformed(Path file) {
    return new IOException(file + " does not hold tenants' secrets");
  }

  @Override
  public synchronized OwnSecrets of(TenantId id) {
    return box(id).own();
  }

  @Override
  public synchronized List<Kept> list(TenantId id) {
    return box(id).list();
  }

  @Override
  public synchronized Keeping put(TenantId id, SecretName name, String value, Instant now) {
    Optional<SecretBox> changed = box(id).with(name, value, now);
    changed.ifPresent(box -> write(id, box));
    return changed.isPresent() ? Keeping.KEPT : Keeping.FULL;
  }

  @Override
  public synchronized boolean remove(TenantId id, SecretName name) {
    SecretBox box = box(id);
    if (!box.entries().containsKey(name)) {
      return false;
    }
    write(id, box.without(name));
    return true;
  }

  private SecretBox box(TenantId id) {
    return boxes.getOrDefault(id, SecretBox.EMPTY);
  }

  /** On the disk first: what is answered must not be forgotten, nor what failed remembered. */
  private void write(TenantId id, SecretBox box) {
    Map<String, Object> all = new LinkedHashMap<>();
    boxes.forEach((tenant, other) -> all.put(tenant.value(), SecretBoxItem.toItem(other)));
    all.put(id.value(), SecretBoxItem.toItem(box));
    try {
      if (file.isPresent()) {
        replace(file.get(), JSON.std.asBytes(all));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the tenants' secrets can't be written", e);
    }
    boxes.put(id, box);
  }

  /** Whole or not at all, and never readable by others, not even for a moment. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Path fresh =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            file.getFileName().toString(),
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ALONE)));
    try {
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
