package dev.outpost.cli.control;

import dev.outpost.cli.shell.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * Serves command lines inside the machine, to its owner only: the socket's file mode says so, and
 * whoever connects is asked for again, because between binding and setting the mode there is a
 * moment.
 */
public final class ControlServer implements AutoCloseable {
  private final Supplier<CommandLine> commandLines;
  private final ControlPath path;
  private final Path socket;
  private final ServerSocketChannel server;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  private ControlServer(
      Supplier<CommandLine> commandLines,
      ControlPath path,
      Path socket,
      ServerSocketChannel server) {
    this.commandLines = commandLines;
    this.path = path;
    this.socket = socket;
    this.server = server;
  }

  /**
   * Starts to serve on that data folder.
   *
   * @param commandLines gives a fresh command line for each request; it decides what is served
   * @throws IllegalStateException when another machine already does
   */
  public static ControlServer start(Path data, Supplier<CommandLine> commandLines)
      throws IOException {
    Objects.requireNonNull(commandLines, "commandLines");
    Files.createDirectories(data);
    ControlPath path = new ControlPath(data);
    clearAway(path);
    Path socket = path.prepare();
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(socket));
      ControlPath.lock(socket);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    ControlServer control = new ControlServer(commandLines, path, socket, server);
    Thread.ofVirtual().name("control").start(control::accept);
    return control;
  }

  /** A machine that was killed leaves its socket behind; one that runs answers there. */
  private static void clearAway(ControlPath path) throws IOException {
    Path left = path.find().orElse(null);
    if (left == null) {
      return;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(left));
    } catch (IOException _) {
      path.remove(left);
      return;
    }
    throw new IllegalStateException("another Outpost runs on " + path.data());
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        open.add(channel);
        Thread.ofVirtual().name("control-command").start(() -> serve(channel));
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException _) {
        // One connection that failed before it was one; the next may be good.
        Thread.onSpinWait();
      }
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      if (Peer.is(Files.getOwner(socket), channel)) {
        Frames.writeOutcome(channel, run(Frames.readCommand(channel)));
      }
    } catch (IOException _) {
      // It hung up or spoke nonsense: there is nobody left to tell.
      Thread.onSpinWait();
    } finally {
      open.remove(channel);
    }
  }

  private Outcome run(List<String> argv) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = commandLines.get();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    int exit = ExitCode.BROKEN.number();
    try {
      exit = line.execute(argv.toArray(String[]::new));
    } catch (RuntimeException e) {
      err.append("outpost: ").append(e.getClass().getSimpleName()).append('\n');
    }
    return new Outcome(exit, out.toString(), err.toString());
  }

  /** Stops to serve and takes the socket away. */
  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel channel : open) {
      channel.close();
    }
    path.remove(socket);
  }
}
