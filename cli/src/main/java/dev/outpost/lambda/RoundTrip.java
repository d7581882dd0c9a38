package dev.outpost.lambda;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** How long a call of an {@link AwsAnswers} takes whoever does nothing but wait for it. */
final class RoundTrip {
  private static final String LENGTH = "content-length:";

  private RoundTrip() {}

  /** The time of each of that many calls on one connection, in nanoseconds. */
  static long[] nanos(AwsAnswers aws, int calls) throws IOException {
    byte[] request =
        ("POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: DynamoDB_20120810.GetItem\r\n"
                + "Content-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\n\r\n{}")
            .getBytes(StandardCharsets.US_ASCII);
    long[] nanos = new long[calls];
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(aws.url()).getPort())) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int i = 0; i < calls; i++) {
        long begin = System.nanoTime();
        out.write(request);
        readAnswer(in);
        nanos[i] = System.nanoTime() - begin;
      }
    }
    return nanos;
  }

  private static void readAnswer(InputStream in) throws IOException {
    int length = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith(LENGTH)) {
        length = Integer.parseInt(lower.substring(LENGTH.length()).strip());
      }
    }
    in.readNBytes(length);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection was closed");
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }
}
