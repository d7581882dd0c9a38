package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Context;
import dev.outpost.run.Job;
import dev.outpost.run.Parent;
import dev.outpost.runner.git.Repository;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that continue an earlier one. */
@Timeout(60)
class FollowUpTest {
  @TempDir private Path directory;
  private LocalRun run;
  private Repository origin;
  private String base;
  private String patch;

  @BeforeEach
  void workedOnce() throws IOException {
    run = new LocalRun(directory.resolve("second"));
    origin = Repository.make(directory.resolve("origin"));
    base = origin.write("a.txt", "one\n").write("README.md", "the guide\n").commit("base");
    LocalRun first = new LocalRun(directory.resolve("first"));
    try (LocalGateway gateway =
        new LocalGateway(
            Jobs.script("echo two >> a.txt; echo new > b.txt").in(origin.url(), "main").job())) {
      assertThat(first.start(gateway)).isZero();
      patch = gateway.artifacts().get(Artifact.Type.PATCH);
    }
  }

  private Function<URI, Job> following(String script, Optional<String> commit) {
    return url -> Jobs.script(script).in(origin.url(), "main").continuing(parent(url, commit));
  }

  private static Parent parent(URI url, Optional<String> commit) {
    return new Parent(
        "dsp_00",
        commit,
        url + "/store/earlier?X-Signature=abc",
        "first this",
        "I did this.",
        Optional.empty());
  }

  private Failed refused(Function<URI, Job> job, Optional<String> kept) throws IOException {
    try (LocalGateway gateway = new LocalGateway(job)) {
      kept.ifPresent(gateway::keep);
      assertThat(run.start(gateway)).isEqualTo(1);
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).isEmpty();
      return new Failed(
          LocalRun.cause(gateway).orElseThrow(),
          gateway.result().failure().orElseThrow().message());
    }
  }

  private record Failed(Cause cause, String message) {}

  @Test
  void theEarlierChangeIsThereAndThePatchHasBoth() throws IOException {
    origin.write("a.txt", "moved on\n").commit("the branch has moved");
    String script = "cat a.txt b.txt; echo three >> a.txt; rm b.txt; echo more > c.txt";
    try (LocalGateway gateway = new LocalGateway(following(script, Optional.of(base)))) {
      gateway.keep(patch);
      assertThat(run.start(gateway)).as(run.log()).isZero();
      assertThat(gateway.result().baseCommit()).contains(base);
      assertThat(gateway.result().filesChanged()).isEqualTo(2);
      assertThat(gateway.artifacts().get(Artifact.Type.LOG)).contains("info two", "info new");
      assertThat(JSON.std.mapFrom(gateway.artifacts().get(Artifact.Type.METADATA)))
          .containsEntry("parentId", "dsp_00")
          .containsEntry("baseCommit", base);
      origin.git("checkout", "--quiet", base);
      Path file = directory.resolve("patch");
      Files.writeString(file, gateway.artifacts().get(Artifact.Type.PATCH), ISO_8859_1);
      origin.git("apply", file.toString());
      assertThat(origin.path().resolve("a.txt")).hasContent("one\ntwo\nthree\n");
      assertThat(origin.path().resolve("b.txt")).doesNotExist();
      assertThat(origin.path().resolve("c.txt")).hasContent("more\n");
    }
  }

  @Test
  void aFollowUpThatDoesNothingKeepsTheEarlierChange() throws IOException {
    try (LocalGateway gateway = new LocalGateway(following("true", Optional.of(base)))) {
      gateway.keep(patch);
      assertThat(run.start(gateway)).isZero();
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).isEqualTo(patch);
    }
  }

  @Test
  void anEmptyEarlierChangeIsNoObstacle() throws IOException {
    try (LocalGateway gateway = new LocalGateway(following("echo x > x", Optional.of(base)))) {
      gateway.keep("");
      assertThat(run.start(gateway)).isZero();
      assertThat(gateway.result().filesChanged()).isEqualTo(1);
    }
  }

  @Test
  void anAgentWithAPreambleHearsOfTheEarlierWork() throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(
            url ->
                Jobs.script("and now this too")
                    .in(origin.url(), "main")
                    .running(true, "cat")
                    .guided(Context.STANDARD)
                    .continuing(parent(url, Optional.of(base))))) {
      gateway.keep(patch);
      assertThat(run.start(gateway)).isZero();
      assertThat(gateway.artifacts().get(Artifact.Type.LOG))
          .containsSubsequence("first this", "I did this.", "the guide", "and now this too")
          .doesNotContain("X-Signature");
    }
  }

  @Test
  void aChangeThatDoesNotApplyIsToldAsSuch() throws IOException {
    String other = patch.replace("\n one\n", "\n another line\n");
    assertThat(other).isNotEqualTo(patch);
    Failed failed = refused(following("true", Optional.of(base)), Optional.of(other));
    assertThat(failed.cause()).isEqualTo(Cause.FOLLOW_UP_FAILED);
    assertThat(failed.message()).contains("does not apply", "a.txt");
  }

  @Test
  void aBaseCommitThatIsGoneIsToldAsSuch() throws IOException {
    String gone = "0123456789012345678901234567890123456789";
    Failed failed = refused(following("true", Optional.of(gone)), Optional.of(patch));
    assertThat(failed.cause()).isEqualTo(Cause.FOLLOW_UP_FAILED);
    assertThat(failed.message()).contains(gone, "no longer in");
  }

  @Test
  void aCommitsNameThatIsNoneReachesNoCommandLine() throws IOException {
    Failed failed = refused(following("true", Optional.of("--upload-pack=x")), Optional.of(patch));
    assertThat(failed.cause()).isEqualTo(Cause.FOLLOW_UP_FAILED);
    assertThat(failed.message()).contains("has no name here");
  }

  @Test
  void aPatchThatIsNoLongerKeptIsToldAsSuch() throws IOException {
    Failed failed = refused(following("true", Optional.of(base)), Optional.empty());
    assertThat(failed.cause()).isEqualTo(Cause.FOLLOW_UP_FAILED);
    assertThat(failed.message()).contains("dsp_00", "no longer kept (404)");
  }

  @Test
  void aRepositoryThatWasEmptyThenIsNotQuietlyTakenForTheSame() throws IOException {
    Failed failed = refused(following("true", Optional.empty()), Optional.of(patch));
    assertThat(failed.cause()).isEqualTo(Cause.FOLLOW_UP_FAILED);
    assertThat(failed.message()).contains("was empty");
  }
}
