package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;

/**
 * An agent that does nothing but call its model, as often as it is told. Runs in a process of its
 * own and needs nothing but the JDK, and {@code MODEL_URL} and {@code MODEL_KEY} in its
 * environment.
 */
public final class ModelCaller {
  private ModelCaller() {}

  /** The words of a shell that run it so often. */
  public static String times(int calls) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String home = ModelCaller.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return "'"
        + java
        + "' -XX:TieredStopAtLevel=1 -Xshare:auto -cp '"
        + home
        + "' "
        + ModelCaller.class.getName()
        + " "
        + calls;
  }

  /** Calls as often as the first argument says. */
  public static void main(String[] arguments) throws IOException {
    for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
      System.out.println(
          "answered " + call(System.getenv("MODEL_URL"), System.getenv("MODEL_KEY")));
    }
  }

  private static int call(String url, String key) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url + "/v1/messages").toURL().openConnection();
    connection.setRequestProperty("x-api-key", key);
    connection.setDoOutput(true);
    connection.getOutputStream().write("{\"model\":\"m-1\"}".getBytes(UTF_8));
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      if (in != null) {
        in.readAllBytes();
      }
    }
    return status;
  }
}
