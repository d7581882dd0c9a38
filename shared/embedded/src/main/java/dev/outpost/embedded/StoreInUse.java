package dev.outpost.embedded;

import java.nio.file.Path;

/** Another process, or another store of this one, has the file open. */
public final class StoreInUse extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreInUse(Path file, Throwable cause) {
    super("the data in " + file + " is in use by another process", cause);
  }
}
