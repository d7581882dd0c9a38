package dev.outpost.functions.api.health;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of Outpost that this is, as the build wrote it into the package. */
public final class Version {
  private Version() {}

  /** The version. */
  public static String read() {
    Properties properties = new Properties();
    try (InputStream stream = Version.class.getResourceAsStream("version.properties")) {
      if (stream != null) {
        properties.load(stream);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("version.properties in the package can't be read", e);
    }
    return properties.getProperty("version", "unknown");
  }
}
