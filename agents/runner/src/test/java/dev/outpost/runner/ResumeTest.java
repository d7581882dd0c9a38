package dev.outpost.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.run.Artifact;
import dev.outpost.run.Budget;
import dev.outpost.run.Job;
import dev.outpost.run.ModelAccess;
import dev.outpost.run.ModelProtocol;
import dev.outpost.run.Parent;
import dev.outpost.run.Price;
import dev.outpost.run.PriceTable;
import dev.outpost.run.Resumable;
import dev.outpost.run.Usage;
import dev.outpost.runner.git.Repository;
import dev.outpost.runner.model.Upstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations that are kept by one run and gone on with by another. */
@Timeout(120)
class ResumeTest {
  private static final Resumable RESUMABLE =
      new Resumable(
          List.of(".talks/{tree_dashed}/{session}.jsonl", ".talks/log/*/day-*-{session}.txt"),
          List.of("sh", "{task_file}", "--resume", "{session}"));
  private static final String KEY = "the-key-that-nobody-may-see";

  /** Keeps a conversation as a program might, and tells its id. */
  private static final String TALK =
      """
      here="$HOME/.talks/$(pwd | sed 's/[^A-Za-z0-9]/-/g')"
      mkdir -p "$here" "$HOME/.talks/log/25"
      printf '{"cwd":"%s","home":"%s","key":"%s"}\\nlast' "$(pwd)" "$HOME" "$KEY" > "$here/id-1.jsonl"
      echo daily > "$HOME/.talks/log/25/day-3-id-1.txt"
      echo other > "$HOME/.talks/log/25/day-3-id-2.txt"
      echo '{"type":"system","subtype":"init","session_id":"id-1"}'
      """;

  private static final String SUCCESS =
      "echo '{\"type\":\"result\",\"subtype\":\"success\",\"result\":\"ok\","
          + "\"total_cost_usd\":99,\"usage\":{\"input_tokens\":9999}}'\n";

  @TempDir private Path directory;
  private LocalRun first;
  private LocalRun second;
  private Repository origin;
  private String base;

  @BeforeEach
  void start() throws IOException {
    first = new LocalRun(directory.resolve("first"));
    second = new LocalRun(directory.resolve("the-second"));
    origin = Repository.make(directory.resolve("origin"));
    base = origin.write("a.txt", "one\n").commit("base");
  }

  private Job job(String script, Optional<Parent> parent) {
    return Jobs.resumable(
        Jobs.script(script)
            .in(origin.url(), "main")
            .printing(Job.Output.CLAUDE_STREAM_JSON)
            .with(Map.of(), Map.of("KEY", KEY))
            .job(),
        parent,
        Optional.of(RESUMABLE));
  }

  private Parent parent(URI url) {
    return new Parent(
        "dsp_00",
        Optional.of(base),
        url + "/store/earlier?X-Signature=abc",
        "first this",
        "I did this.",
        Optional.of(url + "/store/session.txt?X-Signature=abc"));
  }

  /** Runs the script as the first, and answers what it keeps. */
  private Optional<String> kept(String script) throws IOException {
    try (LocalGateway gateway = new LocalGateway(job(script + SUCCESS, Optional.empty()))) {
      assertThat(first.start(gateway)).as(first.log()).isZero();
      assertThat(gateway.result().artifacts())
          .extracting(Artifact::type)
          .hasSize(4)
          .doesNotContain(Artifact.Type.SESSION);
      return Optional.ofNullable(gateway.artifacts().get(Artifact.Type.SESSION));
    }
  }

  /** Runs the script as the one that continues, where that is stored, and answers its log. */
  private String follow(String script, Optional<String> stored, boolean resumed)
      throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(url -> job(script + SUCCESS, Optional.of(parent(url))))) {
      gateway.keep("");
      stored.ifPresent(gateway::keepSession);
      assertThat(second.start(gateway)).as(second.log()).isZero();
      assertThat(JSON.std.mapFrom(gateway.artifacts().get(Artifact.Type.METADATA)))
          .containsEntry("sessionResumed", resumed);
      return gateway.artifacts().get(Artifact.Type.LOG);
    }
  }

  private Path home() {
    return directory.resolve("the-second/run/home");
  }

  private Path tree() {
    return directory.resolve("the-second/run/tree");
  }

  @Test
  void aConversationIsGoneOnWithWhereverTheSecondRunIs() throws IOException {
    String kept = kept(TALK).orElseThrow();
    assertThat(kept).doesNotContain(KEY, "other").contains("[REDACTED]", "daily");
    assertThat(first.log()).contains("the session is kept for a follow-up");
    String log = follow("echo \"called with $*\"\n", Optional.of(kept), true);
    assertThat(log).contains("resuming the session of dsp_00", "called with --resume id-1");
    assertThat(home().resolve(".talks/log/25/day-3-id-1.txt")).hasContent("daily\n");
    String place = tree().toRealPath().toString().replaceAll("[^A-Za-z0-9]", "-");
    assertThat(home().resolve(".talks/" + place + "/id-1.jsonl"))
        .hasContent(
            "{\"cwd\":\"%s\",\"home\":\"%s\",\"key\":\"[REDACTED]\"}\nlast"
                .formatted(tree().toRealPath(), home().toRealPath()));
  }

  @Test
  void aConversationThatIsNoLongerKeptIsDoneWithout() throws IOException {
    String log = follow("echo \"called with [$*]\"\n", Optional.empty(), false);
    assertThat(log)
        .contains("the session of dsp_00 is not resumed: none is kept (404)", "called with []");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | ''",
        "no json | ''",
        "{} | ''",
        "id-1 | ''",
        "--help | .talks/log/1/day-1-id-1.txt",
        "../id-1 | .talks/log/1/day-1-id-1.txt",
        "id-1 | ../outside",
        "id-1 | /etc/outside",
        "id-1 | .bashrc",
        "id-1 | .talks/log/../day-1-id-1.txt",
        "id-1 | .talks/log/./day-1-id-1.txt",
        "id-1 | .talks/log/1/day-1-id-2.txt",
        "id-1 | .talks/log/1/day-\\\\-id-1.txt",
        "id-1 | .talks//1/day-1-id-1.txt",
        "id-1 | .talks/log/1/day-1-id-1.txt,9",
        "id-1 | .talks/log/1/day-1-id-1.txt,0"
      })
  void aStoredConversationOfAnotherFormWritesNothing(String id, String file) throws IOException {
    String head =
        id.matches("[{]?[}]?|no json")
            ? id
            : "{\"session\":\"%s\",\"home\":\"/some/home\",\"tree\":\"/some/tree\"}".formatted(id);
    String[] parts = (file + ",1").split(",", -1);
    String good = "{\"file\":\".talks/log/1/day-0-id-1.txt\",\"lines\":1}\nx\n";
    String other = "{\"file\":\"%s\",\"lines\":%s}\nx\n".formatted(parts[0], parts[1]);
    String text = head + "\n" + (file.isEmpty() ? "" : good + other);
    String log = follow("find \"$HOME\" -mindepth 1\n", Optional.of(text), false);
    assertThat(log).contains("is not resumed: it has an unknown form");
    assertThat(home()).isEmptyDirectory();
  }

  @Test
  void aStoredConversationThatIsTooLargeIsNotTaken() throws IOException {
    String log = follow("true\n", Optional.of("x".repeat((8 << 20) + 1)), false);
    assertThat(log).contains("is not resumed: it could not be fetched: it is larger than");
    assertThat(home()).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rm -r \"$here\" $HOME/.talks/log; ln -s $OUT/secret \"$here\"; ln -s $OUT/secret $HOME/.talks/log"
            + "| the agent left no session",
        "rm -r $HOME/.talks; ln -s $OUT/all $HOME/.talks | the agent left no session",
        "rm \"$here\"/* $HOME/.talks/log/25/*; ln -s $OUT/secret/id-1.jsonl \"$here/id-1.jsonl\""
            + "| the agent left no session",
        "rm \"$here/id-1.jsonl\" $HOME/.talks/log/25/*; mkfifo \"$here/id-1.jsonl\""
            + "| the agent left no session",
        "printf '\\377\\376' > \"$here/id-1.jsonl\" | one of its files is no text",
        "truncate -s 9M \"$here/id-1.jsonl\" | it is larger than 8 MB",
        "for i in $(seq 300); do echo > $HOME/.talks/log/25/day-$i-id-1.txt; done"
            + "| it has more than 200 files",
        "echo '{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"../../x\"}'"
            + "| its id has an unknown form",
        "printf '{\"a\":\"-----BEGIN PRIVATE KEY-----%sMIIEvQIBADANBgkqhkiG9w0\"}' '\\\\n' > \"$here/id-1.jsonl\""
            + "| a secret in it can't be taken out without breaking it",
      })
  void whatAnAgentLeavesInItsHomeLeadsNowhereElse(String mischief, String said) throws IOException {
    Path out = Files.createDirectory(directory.resolve("out"));
    Files.createDirectories(out.resolve("secret/25"));
    Files.writeString(out.resolve("secret/id-1.jsonl"), "the host's own");
    Files.writeString(out.resolve("secret/25/day-1-id-1.txt"), "the host's own");
    String place =
        directory.toRealPath().resolve("first/run/tree").toString().replaceAll("[^A-Za-z0-9]", "-");
    Files.createDirectories(out.resolve("all/" + place));
    Files.writeString(out.resolve("all/" + place + "/id-1.jsonl"), "the host's own");
    String kept = kept("OUT=" + out + "\n" + TALK + mischief + "\n").orElse("");
    assertThat(first.log()).contains(said.strip());
    assertThat(kept).doesNotContain("the host's own");
  }

  private Job modelJob(String script, URI url, Upstream upstream) {
    return Jobs.resumable(
        Jobs.script(script)
            .in(origin.url(), "main")
            .printing(Job.Output.CLAUDE_STREAM_JSON)
            .with(Map.of("MODEL_URL", "{gateway_url}", "MODEL_KEY", "{gateway_key}"), Map.of())
            .job(
                new ModelAccess(
                    ModelProtocol.ANTHROPIC,
                    upstream.url(),
                    Optional.of("real-key-of-the-provider-0123456789"),
                    new PriceTable(
                        Optional.of(LocalDate.of(2026, 11, 25)),
                        Map.of("m-1", new Price(1000, 1000, 1000, 1000)))),
                Budget.NONE,
                Map.of()),
        Optional.of(parent(url)),
        Optional.of(RESUMABLE));
  }

  @ParameterizedTest
  @CsvSource({"true, true", "false, false"})
  void aProgramThatCannotResumeAfterAllStartsAnew(boolean can, boolean resumed) throws IOException {
    String kept = kept(TALK).orElseThrow();
    String script =
        (can ? "" : "if [ $# -gt 0 ]; then echo 'no such session' >&2; exit 3; fi\n")
            + "echo \"called with [$*]\"; "
            + ModelCaller.times(1)
            + "\n"
            + SUCCESS;
    try (Upstream upstream = new Upstream()) {
      upstream.say(
          200,
          "application/json",
          "{\"model\":\"m-1\",\"usage\":{\"input_tokens\":400,\"output_tokens\":200}}");
      try (LocalGateway gateway = new LocalGateway(url -> modelJob(script, url, upstream))) {
        gateway.keep("");
        gateway.keepSession(kept);
        assertThat(second.start(gateway)).as(second.log()).isZero();
        String log = gateway.artifacts().get(Artifact.Type.LOG);
        assertThat(log).contains("called with [" + (resumed ? "--resume id-1" : "") + "]");
        assertThat(log.contains("it starts anew")).isEqualTo(!resumed);
        // A program that resumes tells the cost of the earlier run with its own.
        assertThat(gateway.result().usage())
            .contains(
                new Usage(
                    400,
                    0,
                    200,
                    OptionalDouble.of(resumed ? 0.6 : 99),
                    Optional.of(resumed ? Usage.CostSource.PRICE_TABLE : Usage.CostSource.AGENT)));
      }
    }
  }
}
