package dev.outpost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.outpost.cli.Typed.Came;
import dev.outpost.cli.shell.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
  @TempDir private Path dir;

  @Test
  void withoutACommandThereIsHelp() {
    Came bare = Typed.in(dir).run();
    Came help = Typed.in(dir).run("help");

    assertThat(bare.exit()).isZero();
    assertThat(bare.out()).contains("Usage: outpost", "dispatch", "tenant", "Exit codes:", "124");
    assertThat(help).isEqualTo(bare);
  }

  @Test
  void everyCommandExplainsItself() {
    for (String command :
        List.of("dispatch", "status", "logs", "cancel", "list", "artifacts", "tenant", "key")) {
      Came flag = Typed.in(dir).run(command, "--help");
      assertThat(flag.exit()).as(command).isZero();
      assertThat(flag.out()).startsWith("Usage: outpost " + command);
      assertThat(Typed.in(dir).run("help", command).out()).isEqualTo(flag.out());
    }
  }

  @Test
  void theRehearsalPlaysAnApiThatEveryCommandIsHappyWith() throws IOException {
    HttpServer api = Rehearsal.stage();
    try {
      assertThat(Rehearsal.rehearse("http://127.0.0.1:" + api.getAddress().getPort())).isZero();
    } finally {
      api.stop(0);
    }
  }

  @Test
  void aMistypedCommandIsAnsweredWithTheOneThatIsNear() {
    Came came = Typed.in(dir).run("dispach");

    assertThat(came.exit()).isEqualTo(2);
    assertThat(came.err()).contains("Unmatched argument", "Did you mean: outpost dispatch");
  }

  @Test
  void coloursAreForTerminalsWhoseOwnersLikeThem() {
    assertThat(Terminal.of("out,err", "80", Map.of()).color()).isTrue();
    assertThat(Terminal.of("out,err", "80", Map.of("NO_COLOR", "1")).color()).isFalse();
    assertThat(Terminal.of("out,err", "80", Map.of("NO_COLOR", "")).color()).isTrue();
    assertThat(Terminal.of("out,err", "80", Map.of("TERM", "dumb")))
        .isEqualTo(new Terminal(false, false, false, 80));
    assertThat(Terminal.of(",err", "", Map.of()).color()).isFalse();
  }
}
