package dev.outpost.cli.control;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What goes over the control socket: a length in four bytes, then that many bytes of JSON; {@code
 * {"argv":[…]}} there and {@code {"exit","out","err"}} back.
 */
final class Frames {
  private static final int LARGEST = 8 * 1024 * 1024;

  private Frames() {}

  static void writeCommand(ByteChannel channel, List<String> argv) throws IOException {
    write(channel, Map.of("argv", argv));
  }

  static List<String> readCommand(ByteChannel channel) throws IOException {
    if (!(read(channel).get("argv") instanceof List<?> list)) {
      throw new IOException("a command without argv");
    }
    List<String> argv = new ArrayList<>();
    for (Object word : list) {
      argv.add(String.valueOf(word));
    }
    return argv;
  }

  static void writeOutcome(ByteChannel channel, Outcome outcome) throws IOException {
    write(channel, Map.of("exit", outcome.exit(), "out", outcome.out(), "err", outcome.err()));
  }

  static Outcome readOutcome(ByteChannel channel) throws IOException {
    Map<String, Object> map = read(channel);
    if (map.get("exit") instanceof Integer exit
        && map.get("out") instanceof String out
        && map.get("err") instanceof String err) {
      return new Outcome(exit, out, err);
    }
    throw new IOException("an answer that is none");
  }

  private static void write(ByteChannel channel, Map<String, Object> message) throws IOException {
    byte[] json = JSON.std.asBytes(message);
    ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + json.length);
    frame.putInt(json.length).put(json).flip();
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  private static Map<String, Object> read(ByteChannel channel) throws IOException {
    int length = fill(channel, ByteBuffer.allocate(Integer.BYTES)).getInt();
    if (length < 0 || length > LARGEST) {
      throw new IOException("a frame of " + length + " bytes");
    }
    return JSON.std.mapFrom(fill(channel, ByteBuffer.allocate(length)).array());
  }

  private static ByteBuffer fill(ByteChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the other side hung up");
      }
    }
    return buffer.flip();
  }
}
