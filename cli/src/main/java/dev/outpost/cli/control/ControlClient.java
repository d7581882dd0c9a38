package dev.outpost.cli.control;

import dev.outpost.cli.shell.Refusal;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Has a command run inside the machine that holds the store. */
public final class ControlClient {
  private final Path data;

  /** For the machine of that data folder. */
  public ControlClient(Path data) {
    this.data = data.toAbsolutePath().normalize();
  }

  /** Runs the command there. */
  public Outcome run(List<String> argv) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      connect(channel);
      Frames.writeCommand(channel, argv);
      return Frames.readOutcome(channel);
    } catch (IOException e) {
      throw Refusal.unreachable(
          "the machine on " + data + " did not answer: " + e.getMessage(),
          "whether the command was carried out is not known; look before trying again");
    }
  }

  private void connect(SocketChannel channel) {
    try {
      Optional<Path> socket = new ControlPath(data).find();
      if (socket.isPresent() && channel.connect(UnixDomainSocketAddress.of(socket.get()))) {
        return;
      }
    } catch (IOException _) {
      // The socket of a machine that was killed, or of another user: nobody answers us.
    }
    throw Refusal.unreachable(
        "no Outpost runs on " + data,
        "start it:                     outpost up",
        "or name its data folder:      --data DIR",
        "or a deployed stage instead:  --stage NAME");
  }
}
