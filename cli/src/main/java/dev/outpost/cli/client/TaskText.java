package dev.outpost.cli.client;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The task that a person means: the words themselves, standard input, or a file. */
final class TaskText {
  private TaskText() {}

  static String of(String argument, Shell shell) {
    try {
      if (argument.equals("-")) {
        return new String(shell.in().readAllBytes(), StandardCharsets.UTF_8);
      }
      if (argument.startsWith("@")) {
        Path file = shell.resolve(Path.of(argument.substring(1)));
        if (!Files.isRegularFile(file)) {
          throw Refusal.usage(
              "there is no file " + file,
              "a task that begins with @ names a file; to send such a text: … -  <<< '@…'");
        }
        return Files.readString(file);
      }
      return argument;
    } catch (IOException e) {
      throw Refusal.local("can't read the task: " + e.getMessage());
    }
  }
}
