package dev.outpost.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Instruction;
import dev.outpost.run.Job;
import dev.outpost.run.Usage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How runs end before their agent would. */
@Timeout(60)
class EndingTest {
  @TempDir private Path directory;
  private LocalRun run;

  @BeforeEach
  void makeRun() {
    run = new LocalRun(directory);
  }

  @Test
  void aTimeoutEndsTheWholeTree() throws IOException {
    // A child that ignores TERM, one in another session, one that hides but stays in the group.
    String script =
        """
        (trap '' TERM; echo ignoring; sleep 30 & wait; sleep 30) &
        echo $! > ../ignoring.pid
        setsid sh -c 'echo $$ > ../far.pid; exec sleep 30' &
        env -i "PATH=$PATH" near="$PWD/../near.pid" \
          sh -c 'cd /; trap "" TERM; echo $$ > "$near"; exec sleep 30' &
        while [ ! -s ../far.pid ] || [ ! -s ../near.pid ]; do sleep 0.01; done
        echo begun > begun.txt
        sleep 30
        """;
    Job job = Jobs.script(script).within(Duration.ofSeconds(3)).job();
    try (LocalGateway gateway = new LocalGateway(job)) {
      assertThat(run.start(gateway)).isEqualTo(124);
      assertThat(LocalRun.cause(gateway)).contains(Cause.TIMEOUT);
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).contains("+begun");
      assertThat(isAlive("ignoring.pid")).isFalse();
      assertThat(isAlive("far.pid")).isFalse();
      assertThat(isAlive("near.pid")).isFalse();
    }
  }

  private boolean isAlive(String file) throws IOException {
    long pid = Long.parseLong(Files.readString(directory.resolve("run").resolve(file)).strip());
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    // Nobody may have collected it yet.
    return process.isPresent()
        && process.get().isAlive()
        && !Files.readString(Path.of("/proc", Long.toString(pid), "stat")).contains(") Z ");
  }

  @Test
  void aLeaderThatIgnoresTermIsKilledAfterItsGrace() throws IOException {
    Job job =
        Jobs.script("trap '' TERM; while :; do sleep 0.1; done")
            .within(Duration.ofSeconds(3))
            .job();
    try (LocalGateway gateway = new LocalGateway(job)) {
      assertThat(run.start(gateway)).isEqualTo(124);
      assertThat(gateway.result().exitCode()).isEqualTo(OptionalInt.of(137));
    }
  }

  /**
   * By a program that catches the signal itself, as claude does: a shell can't when whoever began
   * all this had it ignored, as shells do for what they run in the background.
   */
  @Test
  void anAgentThatTellsItsResultOnInterruptIsInterruptedFirst() throws IOException {
    String script =
        """
        echo partial > part.txt
        exec perl -e '$| = 1; $SIG{INT} = sub { print "$ENV{RESULT}\\n"; exit 0 }; sleep 1 while 1'
        """;
    String result =
        "{\"type\":\"result\",\"subtype\":\"error_during_execution\",\"is_error\":true,"
            + "\"usage\":{\"input_tokens\":7,\"output_tokens\":3}}";
    Job job =
        Jobs.script(script)
            .printing(Job.Output.CLAUDE_STREAM_JSON)
            .with(Map.of("RESULT", result), Map.of())
            .within(Duration.ofSeconds(3))
            .patient()
            .job();
    try (LocalGateway gateway = new LocalGateway(job)) {
      assertThat(run.start(gateway)).isEqualTo(124);
      assertThat(LocalRun.cause(gateway)).contains(Cause.TIMEOUT);
      assertThat(gateway.result().usage()).contains(new Usage(7, 0, 3, OptionalDouble.empty()));
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).contains("+partial");
    }
  }

  @Test
  void oneThatIgnoresTheInterruptIsTerminatedWithinItsGrace() throws IOException {
    Job job =
        Jobs.script("trap '' INT; trap 'exit 7' TERM; while :; do sleep 0.1; done")
            .printing(Job.Output.CLAUDE_STREAM_JSON)
            .within(Duration.ofSeconds(3))
            .patient()
            .job();
    try (LocalGateway gateway = new LocalGateway(job)) {
      assertThat(run.start(gateway)).isEqualTo(124);
      assertThat(gateway.result().exitCode()).isEqualTo(OptionalInt.of(7));
    }
  }

  @Test
  void aChildThatHoldsThePipeDoesNotHoldTheRun() throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script("sleep 50 & setsid sleep 50 & echo done").job())) {
      long started = System.nanoTime();
      assertThat(run.start(gateway)).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(20));
      assertThat(gateway.result().summary()).isEqualTo("done");
    }
  }

  @Test
  void aProcessThatNobodyFindsDoesNotHoldTheRun() throws IOException {
    String script =
        """
        env -i "PATH=$PATH" far="$PWD/../far.pid" \\
          setsid sh -c 'cd /; echo $$ > "$far"; exec sleep 40' &
        while [ ! -s ../far.pid ]; do sleep 0.01; done
        echo done
        """;
    try (LocalGateway gateway = new LocalGateway(Jobs.script(script).job())) {
      long started = System.nanoTime();
      assertThat(run.start(gateway)).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(30));
      assertThat(gateway.result().summary()).isEqualTo("done");
      assertThat(isAlive("far.pid")).isTrue();
    } finally {
      String pid = Files.readString(directory.resolve("run/far.pid")).strip();
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void aStopDuringTheCloneEndsTheClone() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        LocalGateway gateway =
            new LocalGateway(
                Jobs.script("true")
                    .in("git://127.0.0.1:" + silent.getLocalPort() + "/x.git", null)
                    .job())) {
      gateway.tellToStop(Instruction.Stop.CANCEL);
      assertThat(run.start(gateway)).isEqualTo(143);
      assertThat(LocalRun.cause(gateway)).contains(Cause.CANCELLED);
      assertThat(gateway.artifacts()).hasSize(4);
    }
  }

  @ParameterizedTest
  @CsvSource({"CANCEL, CANCELLED, 143", "TIMEOUT, TIMEOUT, 124"})
  void aStopInTheAnswerEndsTheAgent(Instruction.Stop why, Cause cause, int exit)
      throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script("echo begun > begun.txt; sleep 50").job())) {
      gateway.tellToStop(why);
      assertThat(run.start(gateway)).isEqualTo(exit);
      assertThat(LocalRun.cause(gateway)).contains(cause);
      assertThat(gateway.artifacts()).containsKey(Artifact.Type.PATCH);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 409})
  void aDispatchThatIsNoLongerOursIsLeftAlone(int status) throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("sleep 50").job())) {
      gateway.refuseReports(status);
      assertThat(run.start(gateway)).isEqualTo(143);
      assertThat(gateway.artifacts()).isEmpty();
      assertThat(gateway.reports()).isEmpty();
    }
  }
}
