package dev.outpost.runner.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
  // Process id, parent, group and session are the first numbers behind the program's name.
  private static final List<String> WHO = List.of("/bin/sh", "-c", "cat /proc/$$/stat", "a b");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"setsid", "perl"})
  void theCommandLeadsItsOwnSessionUnderTheProcessIdThatWeKnow(String tool) throws Exception {
    Path real = Executables.find(tool, System.getenv("PATH")).orElseThrow();
    Files.createSymbolicLink(directory.resolve(tool), real);
    List<String> command = Session.leading(WHO, directory.toString());
    assertThat(command.getFirst()).endsWith("/" + tool);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String stat = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(stat).isZero();
    List<String> numbers = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    String pid = Long.toString(process.pid());
    assertThat(stat).startsWith(pid + " ");
    assertThat(numbers.get(2)).isEqualTo(pid);
    assertThat(numbers.get(3)).isEqualTo(pid);
  }

  @Test
  void withoutEitherToolItIsTold() throws IOException {
    Files.createDirectory(directory.resolve("setsid"));
    assertThatThrownBy(() -> Session.leading(WHO, directory.toString()))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("setsid");
  }
}
