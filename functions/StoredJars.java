import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A step of the build: rewrites the jars of a function's package without compression, see
 * RATIONALE.md. Entries, their order and their times stay, so the same sources give the same bytes.
 */
final class StoredJars {
  private StoredJars() {}

  /** Rewrites every jar in the folder that is named; there is none where nothing is packaged. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    if (!Files.exists(folder)) {
      return;
    }
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path jar : jars) {
        Path stored = jar.resolveSibling(jar.getFileName() + ".stored");
        try (ZipFile from = new ZipFile(jar.toFile());
            OutputStream to = Files.newOutputStream(stored);
            ZipOutputStream zip = new ZipOutputStream(to)) {
          store(from, zip);
        }
        Files.move(stored, jar, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void store(ZipFile from, ZipOutputStream zip) throws IOException {
    for (Enumeration<? extends ZipEntry> all = from.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      if (entry.isDirectory()) {
        continue;
      }
      byte[] content;
      try (InputStream input = from.getInputStream(entry)) {
        content = input.readAllBytes();
      }
      CRC32 crc = new CRC32();
      crc.update(content);
      ZipEntry plain = new ZipEntry(entry.getName());
      plain.setTimeLocal(entry.getTimeLocal());
      plain.setMethod(ZipEntry.STORED);
      plain.setSize(content.length);
      plain.setCrc(crc.getValue());
      zip.putNextEntry(plain);
      zip.write(content);
      zip.closeEntry();
    }
  }
}
