package dev.outpost.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * A handler that does nothing: what is measured of it is the JVM's, Lambda's runtime client's and
 * the loopback interface's, and no function can be faster.
 */
public final class NothingFunction implements RequestStreamHandler {
  private static final byte[] ANSWER = "{}".getBytes(StandardCharsets.UTF_8);

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    event.readAllBytes();
    answer.write(ANSWER);
  }

  /** Makes its package in that folder, which has this class alone. */
  static void pack(Path folder) throws IOException {
    Path lib = Files.createDirectories(folder.resolve("lib"));
    String entry = NothingFunction.class.getName().replace('.', '/') + ".class";
    try (InputStream own =
            Objects.requireNonNull(
                NothingFunction.class.getClassLoader().getResourceAsStream(entry));
        JarOutputStream jar =
            new JarOutputStream(Files.newOutputStream(lib.resolve("nothing.jar")))) {
      jar.putNextEntry(new JarEntry(entry));
      own.transferTo(jar);
    }
  }
}
