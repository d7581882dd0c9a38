package dev.outpost.lambda;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** How large a package is when it is zipped, as whoever deploys it does. */
final class PackageSize {
  private PackageSize() {}

  /** The bytes of a zip of that package's jars. */
  static long of(Path folder) throws IOException {
    List<Path> jars;
    try (Stream<Path> files = Files.list(folder.resolve("lib"))) {
      jars = files.sorted().toList();
    }
    Counter counter = new Counter();
    try (ZipOutputStream zip = new ZipOutputStream(counter)) {
      for (Path jar : jars) {
        zip.putNextEntry(new ZipEntry("lib/" + jar.getFileName()));
        Files.copy(jar, zip);
      }
    }
    return counter.bytes;
  }

  private static final class Counter extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] b, int offset, int length) {
      bytes += length;
    }
  }
}
