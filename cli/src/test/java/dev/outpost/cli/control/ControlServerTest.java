package dev.outpost.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.cli.Typed;
import dev.outpost.cli.admin.Administration;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.embedded.EmbeddedTenants;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlServerTest {
  @TempDir private Path dir;
  private final Administration administration =
      Administration.on(
          () -> new EmbeddedTenants(EmbeddedStore.inMemory()),
          queue -> {
            throw new AssertionError("nobody asked for " + queue);
          },
          () -> Typed.NOW,
          new Random(1));

  private ControlServer start(Path data) throws IOException {
    return ControlServer.start(data, administration::commandLine);
  }

  private static int list(Path data) {
    return new ControlClient(data).run(List.of("tenant", "list")).exit();
  }

  @Test
  void theSocketIsItsOwnersAndGoesWithTheServer() throws IOException {
    Path socket = dir.resolve("control.sock");
    try (ControlServer _ = start(dir)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-------");
      assertThat(list(dir)).isZero();
    }
    assertThat(socket).doesNotExist();
    assertThatThrownBy(() -> list(dir)).isInstanceOf(Refusal.class);
  }

  @Test
  void whatAKilledMachineLeftIsNoHindrance() throws IOException {
    Path socket = dir.resolve("control.sock");
    try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      killed.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(socket).exists();

    try (ControlServer _ = start(dir)) {
      assertThat(list(dir)).isZero();
    }
  }

  @Test
  void onlyOneMachineServesAFolder() throws IOException {
    try (ControlServer _ = start(dir)) {
      assertThatThrownBy(() -> start(dir))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another Outpost runs on");
      assertThat(list(dir)).isZero();
    }
  }

  @Test
  void aFolderTooDeepForASocketIsServedAsWell() throws IOException {
    Path data = Files.createDirectories(dir.resolve("d".repeat(120)).resolve(".outpost"));
    Path real;
    try (ControlServer _ = start(data)) {
      real = Path.of(Files.readString(data.resolve("control.path")).strip());
      assertThat(list(data)).isZero();
      assertThatThrownBy(() -> start(data)).isInstanceOf(IllegalStateException.class);
    }
    assertThat(real.getParent()).doesNotExist();
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void nothingButTenantsAndKeysIsServed() throws IOException {
    try (ControlServer _ = start(dir)) {
      Outcome outcome = new ControlClient(dir).run(List.of("dispatch", "-a", "script", "x"));

      assertThat(outcome.exit()).isEqualTo(2);
      assertThat(outcome.err()).startsWith("outpost: Unmatched arguments");
      assertThat(outcome.out()).isEmpty();
    }
  }

  @Test
  void nonsenseEndsItsOwnConnectionOnly() throws IOException {
    try (ControlServer _ = start(dir);
        SocketChannel silent = connect();
        SocketChannel huge = connect();
        SocketChannel garbage = connect()) {
      huge.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip());
      garbage.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 2, '{', '{'}));

      assertThat(huge.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThat(garbage.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThat(list(dir)).isZero();
      assertThat(silent.isOpen()).isTrue();
    }
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(dir.resolve("control.sock")));
  }
}
