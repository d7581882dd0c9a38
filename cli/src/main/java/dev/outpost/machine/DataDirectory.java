package dev.outpost.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The folder that a machine keeps everything in, readable by its owner alone.
 *
 * @param path the folder
 */
record DataDirectory(Path path) {
  private static final int KEY_BYTES = 32;

  DataDirectory {
    Objects.requireNonNull(path, "path");
  }

  /**
   * Opens the folder; makes it when it is missing. One that was there keeps its own permissions,
   * but what is kept in it is readable by its owner alone.
   */
  static DataDirectory open(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    makePrivately(absolute);
    DataDirectory data = new DataDirectory(absolute);
    for (String inner : List.of("tasks", "logs", "objects")) {
      makePrivately(absolute.resolve(inner));
    }
    for (Path file : List.of(data.store(), data.log())) {
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
    }
    return data;
  }

  private static void makePrivately(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Where the functions log. */
  Path log() {
    return path.resolve("outpost.log");
  }

  /** Where the store is. */
  Path store() {
    return path.resolve("outpost.mv");
  }

  /** Where the tenants' secrets are, apart from the store. */
  Path tenantSecrets() {
    return path.resolve("tenant-secrets.json");
  }

  /** The key of this installation's run tokens and signed URLs: random, made once. */
  byte[] key() throws IOException {
    Path file = path.resolve("installation.key");
    if (!Files.exists(file)) {
      byte[] fresh = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(fresh);
      writePrivately(file, fresh);
    }
    return Files.readAllBytes(file);
  }

  /** The credentials that were written at the first start, if there was one. */
  Optional<LocalCredentials> credentials() throws IOException {
    Path file = credentialsFile();
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Map<String, Object> map = JSON.std.mapFrom(Files.readAllBytes(file));
    return Optional.of(
        new LocalCredentials(
            String.valueOf(map.get("url")),
            String.valueOf(map.get("operatorKey")),
            String.valueOf(map.get("tenantId")),
            String.valueOf(map.get("apiKey"))));
  }

  /** Writes the credentials for the command line's use. */
  void write(LocalCredentials credentials) throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("url", credentials.url());
    map.put("operatorKey", credentials.operatorKey());
    map.put("tenantId", credentials.tenantId());
    map.put("apiKey", credentials.apiKey());
    writePrivately(credentialsFile(), JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asBytes(map));
  }

  /** Where the credentials are. */
  Path credentialsFile() {
    return path.resolve("credentials.json");
  }

  /** Whole or not at all, and never readable by others, not even for a moment. */
  private static void writePrivately(Path file, byte[] bytes) throws IOException {
    Path fresh =
        Files.createTempFile(
            file.getParent(),
            file.getFileName().toString(),
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(fresh, bytes);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * What a newcomer needs to talk to the machine.
   *
   * @param url where it answers
   * @param operatorKey the installation's own key
   * @param tenantId the first tenant
   * @param apiKey its key
   */
  record LocalCredentials(String url, String operatorKey, String tenantId, String apiKey) {
    LocalCredentials {
      Objects.requireNonNull(url, "url");
      Objects.requireNonNull(operatorKey, "operatorKey");
      Objects.requireNonNull(tenantId, "tenantId");
      Objects.requireNonNull(apiKey, "apiKey");
    }

    /** Leaves the keys out. */
    @Override
    public String toString() {
      return "LocalCredentials[" + url + " " + tenantId + "]";
    }

    /** The same credentials at another URL. */
    LocalCredentials at(String otherUrl) {
      return new LocalCredentials(otherUrl, operatorKey, tenantId, apiKey);
    }
  }
}
