package dev.outpost.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real git repository.
 *
 * @param path its work tree
 */
record GitRepository(Path path) {

  /** One with two commits: text, a folder, an executable and a binary file. */
  static GitRepository withHistory(Path path) throws IOException, InterruptedException {
    Files.createDirectories(path.resolve("src"));
    GitRepository repository = new GitRepository(path);
    repository.git("init", "-q", "-b", "main");
    repository.git("config", "user.name", "Somebody");
    repository.git("config", "user.email", "somebody@example.com");
    Files.writeString(path.resolve("README.md"), "# Hello\n\none\ntwo\nthree\n");
    Files.writeString(path.resolve("src/app.txt"), "first\nsecond\nthird\n");
    Files.writeString(path.resolve("old.txt"), "to be deleted\n");
    Files.writeString(path.resolve("src/name.txt"), "to be renamed\n".repeat(20));
    byte[] binary = new byte[4096];
    new Random(7).nextBytes(binary);
    Files.write(path.resolve("image.bin"), binary);
    repository.commit("first");
    Files.writeString(path.resolve("README.md"), "# Hello\n\none\ntwo\nthree\nfour\n");
    repository.commit("second");
    return repository;
  }

  String url() {
    return path.toUri().toString().replaceFirst("^file:/+", "file:///");
  }

  void commit(String message) throws IOException, InterruptedException {
    git("add", "-A");
    git("commit", "-q", "-m", message);
  }

  /** A clone of it, as somebody else would make it. */
  GitRepository cloneTo(Path folder) throws IOException, InterruptedException {
    git("clone", "-q", path.toString(), folder.toString());
    return new GitRepository(folder);
  }

  String git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command).directory(path.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError(command + " failed: " + output);
    }
    return output;
  }

  /** Every file of the work tree by its path: what it contains and whether it is executable. */
  Map<String, String> tree() throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = path.relativize(file).toString();
        if (!name.startsWith(".git/")) {
          tree.put(
              name,
              Files.isExecutable(file)
                  + ":"
                  + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return tree;
  }
}
