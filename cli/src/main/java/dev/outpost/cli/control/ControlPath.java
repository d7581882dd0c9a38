package dev.outpost.cli.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the control socket of a data folder lies.
 *
 * <p>The kernel takes socket paths of about 104 bytes at most (108 on Linux). A longer one lies in
 * a private folder of its own under the temporary files, and {@code control.path} says where.
 *
 * @param data the data folder
 */
record ControlPath(Path data) {
  private static final int LONGEST = 100;

  ControlPath {
    data = data.toAbsolutePath().normalize();
  }

  private Path near() {
    return data.resolve("control.sock");
  }

  private Path pointer() {
    return data.resolve("control.path");
  }

  private static boolean fits(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST;
  }

  /** Where to connect to, if a machine ever ran here. */
  Optional<Path> find() throws IOException {
    if (fits(near())) {
      return Optional.of(near()).filter(Files::exists);
    }
    if (!Files.isRegularFile(pointer())) {
      return Optional.empty();
    }
    return Optional.of(Path.of(Files.readString(pointer()).strip())).filter(Files::exists);
  }

  /** Where to bind. */
  Path prepare() throws IOException {
    if (fits(near())) {
      return near();
    }
    Path folder = Files.createTempDirectory("outpost-");
    if (!fits(folder.resolve("control.sock"))) {
      Files.delete(folder);
      folder = Files.createTempDirectory(Path.of("/tmp"), "outpost-");
    }
    Path socket = folder.resolve("control.sock");
    Path written = Files.createTempFile(data, ".control", null);
    Files.writeString(written, socket + "\n");
    Files.move(written, pointer(), StandardCopyOption.REPLACE_EXISTING);
    return socket;
  }

  /** Takes away what {@link #prepare} and binding left, unless a successor has put its own. */
  void remove(Path socket) throws IOException {
    Files.deleteIfExists(socket);
    if (!socket.equals(near())) {
      if (find().isEmpty()) {
        Files.deleteIfExists(pointer());
      }
      Files.deleteIfExists(Objects.requireNonNull(socket.getParent()));
    }
  }

  /** Lets nobody but the owner connect. */
  static void lock(Path socket) throws IOException {
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
  }
}
