package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.Artifact;
import dev.outpost.run.RunResult;
import dev.outpost.runner.git.Repository;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A repository of 20,000 files and 300 MB, most of it in its history, and an agent that writes a
 * file as large as that: with the heap that a runner has on one machine.
 */
@Timeout(600)
class HugeRepositoryTest {
  private static final int FILES = 20_000;
  private static final int FILE_BYTES = 4_000;
  private static final int OLD_BLOBS = 22;
  private static final int OLD_BYTES = 10_000_000;

  @TempDir private Path directory;

  @Test
  void aHugeRepositoryIsBroughtShallowAndAGiantFileLeavesTheRestOfThePatch() throws Exception {
    Repository origin = Repository.make(directory.resolve("origin"));
    fill(origin);
    String script =
        """
        echo "commits $(git rev-list --count HEAD), files $(git ls-files | wc -l | tr -d ' ')"
        echo "old objects $(git cat-file --batch-all-objects --batch-check | grep -c ' 10000000$')"
        echo changed >> d7/f1007.txt
        echo new > new.txt
        head -c 300000000 /dev/zero > giant.bin
        head -c 110000000 /dev/zero > d7/f2007.txt
        """;
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script(script).in(origin.url(), "main").job())) {
      assertThat(run(gateway)).as("%s", gateway.reports()).isZero();
      RunResult result = gateway.result();
      assertThat(result.failure()).isEmpty();
      assertThat(result.filesChanged()).isEqualTo(2);
      String log = gateway.artifacts().get(Artifact.Type.LOG);
      assertThat(log)
          .contains("info commits 1, files " + FILES, "info old objects 0")
          .contains("not in the patch, for it is larger than 100 MB: giant.bin")
          .contains("not in the patch, for it is larger than 100 MB: d7/f2007.txt");
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH))
          .contains("b/d7/f1007.txt", "b/new.txt", "+new")
          .doesNotContain("giant.bin", "f2007")
          .hasSizeLessThan(100_000);
    }
  }

  private int run(LocalGateway gateway) throws IOException, InterruptedException {
    Process runner = RunnerProcess.start(gateway, directory, List.of(), "-Xmx128m");
    assertThat(runner.waitFor(500, TimeUnit.SECONDS)).isTrue();
    return runner.exitValue();
  }

  /** Two commits, by git's own way for many objects: one with large files, one without them. */
  private void fill(Repository origin) throws IOException, InterruptedException {
    // Random bytes are what they are: compressing them is the only work there would be.
    origin.git("config", "core.compression", "0");
    origin.git("config", "pack.window", "0");
    Process importing =
        new ProcessBuilder("git", "fast-import", "--quiet", "--force")
            .directory(origin.path().toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(directory.resolve("import-err").toFile())
            .start();
    Random random = new Random(20261125);
    try (OutputStream out = new BufferedOutputStream(importing.getOutputStream(), 1 << 20)) {
      say(out, "commit refs/heads/main\nmark :1\n" + SIGNED + "data 3\nold\n");
      byte[] large = new byte[OLD_BYTES];
      for (int i = 0; i < OLD_BLOBS; i++) {
        random.nextBytes(large);
        file(out, "old/" + i + ".bin", large);
      }
      say(out, "\ncommit refs/heads/main\nmark :2\n" + SIGNED + "data 3\nnew\nfrom :1\nD old\n");
      byte[] small = new byte[FILE_BYTES];
      for (int i = 0; i < FILES; i++) {
        random.nextBytes(small);
        file(out, "d" + i % 100 + "/f" + i + ".txt", small);
      }
    }
    assertThat(importing.waitFor()).isZero();
  }

  private static final String SIGNED = "committer a <a@b> 1700000000 +0000\n";

  private static void file(OutputStream out, String path, byte[] content) throws IOException {
    say(out, "M 100644 inline " + path + "\ndata " + content.length + "\n");
    out.write(content);
    say(out, "\n");
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(US_ASCII));
  }
}
