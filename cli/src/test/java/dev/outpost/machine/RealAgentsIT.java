package dev.outpost.machine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.agents.AgentsDirectory;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.runner.stub.StubModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The vendors' own programs, as {@code outpost agents install} installs them, dispatched to over
 * HTTP on a real git repository, with a model of ours upstream. A program that is not installed has
 * no tests here; which ones those are is told in {@code target/not-run.txt}, and by {@code outpost
 * verify} at its end.
 *
 * <p>All dispatches are sent before the first is looked at, for most of their time is waiting.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RealAgentsIT {
  private static final Path NOT_RUN = Path.of("target", "not-run.txt");
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int LONGEST_TASK = 50_000;
  private static final String FIRST_ERRAND = "Greet, and think of walruses.";
  private static final String SECOND_ERRAND = "And now think of penguins, too.";

  /** The agents whose programs npm has, with the names of their credentials. */
  private static final Map<String, String> CREDENTIALS = credentials();

  /** What each provider's fault is called here, and whether another try may pass. */
  private enum Fault {
    // Those that are tried again for long come first.
    STATUS_500("model_overloaded", true),
    STATUS_429("rate_limited", true),
    STATUS_401("model_auth", false),
    STATUS_404("model_not_found", false),
    BREAK_OFF("model_overloaded", true),
    GARBAGE("agent_error", false);

    private final String cause;
    private final boolean retryable;

    Fault(String cause, boolean retryable) {
      this.cause = cause;
      this.retryable = retryable;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** grok tries for 45 s whatever it is told; one such case is enough of that. */
    boolean isTriedWith(String agent) {
      return !(agent.equals("grok") && this == BREAK_OFF);
    }
  }

  private final List<String> installed = new ArrayList<>();
  private final Map<String, String> sent = new LinkedHashMap<>();
  private Path folder;
  private StubModel model;
  private EmbeddedStore tasks;
  private Machine machine;
  private ApiClient api;
  private GitRepository origin;

  private static Map<String, String> credentials() {
    Map<String, String> credentials = new LinkedHashMap<>();
    credentials.put("claude", "ANTHROPIC_API_KEY");
    credentials.put("codex", "OPENAI_API_KEY");
    credentials.put("gemini", "GEMINI_API_KEY");
    credentials.put("grok", "XAI_API_KEY");
    return credentials;
  }

  private static String key(String agent) {
    return "the-real-key-of-" + agent + "-7f3a";
  }

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    origin = GitRepository.withHistory(folder.resolve("origin"));
    AgentsDirectory programs =
        AgentsDirectory.of(
            System.getenv(), Path.of(System.getProperty("outpost.root")).resolve(".outpost"));
    CREDENTIALS.keySet().stream().filter(programs::hasPinned).forEach(installed::add);
    tellWhatIsNotRun();
    model = new StubModel();
    // Of this process's variables none but these: no key of the developer's, no setting of theirs.
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", folder.resolve("nobodys-home").toString());
    CREDENTIALS.forEach(
        (agent, name) -> {
          environment.put(name, key(agent));
          environment.put("OUTPOST_UPSTREAM_" + agent.toUpperCase(Locale.ROOT), model.url());
        });
    DataDirectory data = DataDirectory.open(folder.resolve("data"));
    MachineConfig config = MachineConfig.usual(data, 0);
    tasks = EmbeddedStore.inMemory();
    machine =
        Machine.start(
            new MachineConfig(
                data,
                0,
                programs.onPath(environment),
                config.runnerCommand(),
                config.reportEvery(),
                config.grace(),
                config.reconcileEvery(),
                true,
                _ -> {},
                InstantSource.system()),
            new EmbeddedBackend(EmbeddedStore.inMemory(), InstantSource.system()),
            tasks);
    api =
        new ApiClient(
            machine.url(),
            FirstStart.credentials(data, machine.backend(), machine.url(), InstantSource.system())
                .apiKey());
    sendAll();
  }

  private void tellWhatIsNotRun() throws IOException {
    List<String> missing =
        CREDENTIALS.keySet().stream().filter(agent -> !installed.contains(agent)).toList();
    Files.deleteIfExists(NOT_RUN);
    if (!missing.isEmpty()) {
      Files.writeString(
          NOT_RUN,
          "the tests with the real programs of "
              + String.join(", ", missing)
              + ": ./outpost agents install installs them\n");
    }
  }

  @AfterAll
  void stop() throws Exception {
    machine.close();
    TaskTree.endAll(folder);
    tasks.close();
    model.close();
  }

  /** Those that wait longest first; ten run at once, so the order is the plan. */
  private void sendAll() throws Exception {
    for (String agent : installed) {
      send(agent, "hang", task("hang"), 30);
    }
    for (String agent : installed) {
      send(agent, "work", longTask(agent), 300);
      send(agent, "errand", FIRST_ERRAND, 300);
    }
    for (Fault fault : Fault.values()) {
      for (String agent : installed.stream().filter(fault::isTriedWith).toList()) {
        send(agent, fault.word(), task(fault.word()), 180);
      }
    }
  }

  private String id(String agent, String name) {
    return sent.get(agent + " " + name);
  }

  private static String task(String word) {
    return "Have the greeting come from the model. stub-model:" + word;
  }

  private void send(String agent, String name, String task, int timeoutSeconds) throws Exception {
    sent.put(
        agent + " " + name,
        api.dispatch(
            Map.of(
                "agent", agent,
                "task", task,
                "repo", origin.url(),
                "timeoutSeconds", timeoutSeconds)));
  }

  /** As long as a task may be, of all that an encoding, a shell or a JSON writer could spoil. */
  private static String longTask(String agent) {
    String line =
        "Line %d of "
            + agent
            + ": \"quotes\" 'single' `ticks` $HOME $(id) \\n \\\\ %% {model} <tag> & ; | # * ?"
            + " \u00e4\u00f6\u00fc \u05e9\u05dc\u05d5\u05dd \u4f60\u597d \u0301e \ud83d\ude80"
            + " \ud83d\udc69\u200d\ud83d\udcbb \u2028 \u200b end\t.\n";
    StringBuilder task = new StringBuilder("/greet is no command here.\n");
    for (int i = 0; task.length() < LONGEST_TASK - 300; i++) {
      task.append(line.formatted(i));
    }
    return task.append("The last words are these.").toString();
  }

  private Map<String, Object> end(String agent, String name) throws Exception {
    String id = id(agent, name);
    Map<String, Object> data = api.status(id);
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (data.get("endedAt") == null) {
      assertThat(System.nanoTime()).as("%s", data).isLessThan(until);
      data = api.get("/dispatch/" + id + "?logLimit=1000&waitSeconds=10").data();
    }
    return data;
  }

  @TestFactory
  Stream<DynamicNode> theRealPrograms() {
    return installed.stream()
        .map(
            agent -> {
              List<DynamicNode> cases = new ArrayList<>();
              cases.add(
                  DynamicTest.dynamicTest(
                      "edits a file with its own tool, and all of it comes back",
                      () -> itsWorkComesBack(agent)));
              cases.add(
                  DynamicTest.dynamicTest(
                      "goes on with its conversation in a follow-up",
                      () -> itsConversationGoesOn(agent)));
              for (Fault fault : Fault.values()) {
                if (fault.isTriedWith(agent)) {
                  cases.add(
                      DynamicTest.dynamicTest(
                          "meets " + fault.word() + " and tells " + fault.cause,
                          () -> aFaultOfTheModelIsTold(agent, fault)));
                }
              }
              cases.add(
                  DynamicTest.dynamicTest(
                      "waits for a model that never answers until its time is up",
                      () -> aModelThatNeverAnswersIsATimeout(agent)));
              cases.add(
                  DynamicTest.dynamicTest(
                      "is cancelled in a command of its own, and what it did is kept",
                      () -> aCancelKeepsWhatWasDone(agent)));
              cases.add(
                  DynamicTest.dynamicTest(
                      "crashes, and what it did is kept", () -> aCrashKeepsWhatWasDone(agent)));
              return DynamicContainer.dynamicContainer(agent, cases);
            });
  }

  private void itsWorkComesBack(String agent) throws Exception {
    String id = id(agent, "work");
    Map<String, Object> data = end(agent, "work");
    assertThat(data).as("%s", data).containsEntry("status", "success").containsEntry("exitCode", 0);
    assertThat(messages(data)).contains(StubModel.LAST_WORDS);

    List<StubModel.Call> calls = callsOf(longTask(agent));
    assertThat(calls)
        .as("calls that carry the whole task, unspoilt")
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(call -> assertThat(call.credential()).isEqualTo(key(agent)));
    Map<?, ?> usage = (Map<?, ?>) data.get("usage");
    int most = model.calls().size();
    assertThat(((Number) usage.get("inputTokens")).intValue())
        .isBetween(calls.size() * StubModel.INPUT, most * StubModel.INPUT)
        .matches(tokens -> tokens % StubModel.INPUT == 0);
    int each = ((Number) usage.get("inputTokens")).intValue() / StubModel.INPUT;
    assertThat(((Number) usage.get("cachedTokens")).intValue()).isEqualTo(each * StubModel.CACHED);
    assertThat(((Number) usage.get("outputTokens")).intValue()).isEqualTo(each * StubModel.OUTPUT);

    Map<String, Object> result = JSON.std.mapFrom(api.artifact(id, "result"));
    assertThat(result)
        .containsEntry("outcome", "success")
        .containsEntry("summary", StubModel.LAST_WORDS)
        .containsEntry("filesChanged", 1);
    GitRepository clone = origin.cloneTo(folder.resolve("clone-" + agent));
    Path patch = folder.resolve(agent + ".patch");
    Files.write(patch, api.artifact(id, "patch"));
    clone.git("apply", patch.toString());
    assertThat(clone.git("status", "--porcelain")).isEqualTo(" M README.md\n");
    assertThat(Files.readString(clone.path().resolve(StubModel.FILE)))
        .startsWith(StubModel.AFTER + "\n");
    assertThat(new String(api.artifact(id, "log"), UTF_8))
        .contains(StubModel.LAST_WORDS)
        .doesNotContain(key(agent));
  }

  private void itsConversationGoesOn(String agent) throws Exception {
    Map<String, Object> first = end(agent, "errand");
    assertThat(first).as("%s", first).containsEntry("status", "success");
    String id = id(agent, "errand");
    sent.put(
        agent + " second errand",
        api.dispatch(Map.of("parentId", id, "task", SECOND_ERRAND, "timeoutSeconds", 300)));
    Map<String, Object> data = end(agent, "second errand");
    assertThat(data)
        .as("%s", data)
        .containsEntry("status", "success")
        .containsEntry("agent", agent);
    assertThat(messages(data)).contains("resuming the session of " + id);
    // What the earlier model said and did stands in the question, and is not only told of.
    assertThat(callsOf(SECOND_ERRAND))
        .filteredOn(call -> call.credential().equals(key(agent)))
        .isNotEmpty()
        .allSatisfy(
            call ->
                assertThat(call.body())
                    .contains(FIRST_ERRAND, StubModel.LAST_WORDS)
                    .doesNotContain("--- the earlier task ---"));
    Map<?, ?> usage = (Map<?, ?>) data.get("usage");
    assertThat(usage.get("inputTokens"))
        .as("what this run used, without the earlier one")
        .isEqualTo(
            StubModel.INPUT
                * (int)
                    callsOf(SECOND_ERRAND).stream()
                        .filter(call -> call.credential().equals(key(agent)))
                        .count());
    assertThat(JSON.std.mapFrom(api.artifact(id(agent, "second errand"), "metadata")))
        .containsEntry("sessionResumed", true);
    assertThat(new String(api.artifact(id(agent, "second errand"), "patch"), UTF_8))
        .isEqualTo(new String(api.artifact(id, "patch"), UTF_8));
    assertThat(api.get("/artifacts/" + id).data().toString()).doesNotContain("session");
  }

  private void aFaultOfTheModelIsTold(String agent, Fault fault) throws Exception {
    Map<String, Object> data = end(agent, fault.word());
    assertThat(data)
        .as("%s", data)
        .containsEntry("status", "failed")
        .containsEntry("cause", fault.cause)
        .containsEntry("retryable", fault.retryable);
    assertThat((String) data.get("errorMessage")).isNotBlank().doesNotContain(key(agent));
    assertThat(api.artifact(id(agent, fault.word()), "patch")).isEmpty();
  }

  private void aModelThatNeverAnswersIsATimeout(String agent) throws Exception {
    Map<String, Object> data = end(agent, "hang");
    assertThat(data)
        .as("%s", data)
        .containsEntry("status", "timeout")
        .containsEntry("cause", "timeout");
    assertThat(new String(api.artifact(id(agent, "hang"), "log"), UTF_8)).contains("timeout");
  }

  private void aCancelKeepsWhatWasDone(String agent) throws Exception {
    send(agent, "long-command", task("long-command"), 300);
    String id = id(agent, "long-command");
    Poll.until("the command runs", PATIENCE, () -> commandsOf(id, "tail").findAny().isPresent());
    api.send("DELETE", "/dispatch/" + id, Optional.empty());
    Map<String, Object> data = end(agent, "long-command");
    assertThat(data).as("%s", data).containsEntry("status", "cancelled");
    assertThat(new String(api.artifact(id, "patch"), UTF_8)).contains("+" + StubModel.AFTER);
    assertThat(JSON.std.mapFrom(api.artifact(id, "result"))).containsEntry("outcome", "cancelled");
    assertThat(((Map<?, ?>) data.get("usage")).get("inputTokens")).isNotEqualTo(0);
    assertThat(commandsOf(id, "")).as("what is left of it").isEmpty();
  }

  private void aCrashKeepsWhatWasDone(String agent) throws Exception {
    send(agent, "hang-after-edit", task("hang-after-edit"), 300);
    String id = id(agent, "hang-after-edit");
    Poll.until(
        "the file is edited and the next answer waited for",
        PATIENCE,
        () ->
            Files.exists(tree(id).resolve(StubModel.FILE))
                && Files.readString(tree(id).resolve(StubModel.FILE)).startsWith(StubModel.AFTER));
    commandsOf(id, agent).forEach(ProcessHandle::destroyForcibly);
    Map<String, Object> data = end(agent, "hang-after-edit");
    assertThat(data)
        .as("%s", data)
        .containsEntry("status", "failed")
        .containsEntry("cause", "agent_error")
        .containsEntry("retryable", false);
    assertThat((String) data.get("errorMessage")).contains("killed");
    assertThat(new String(api.artifact(id, "patch"), UTF_8)).contains("+" + StubModel.AFTER);
  }

  private Path tree(String id) {
    String arn = String.valueOf(statusOf(id).get("taskArn"));
    return folder
        .resolve("data/tasks")
        .resolve(arn.substring(arn.lastIndexOf('/') + 1))
        .resolve("work/tree");
  }

  private Map<String, Object> statusOf(String id) {
    try {
      return api.status(id);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The dispatch's processes, without its runner, whose command line has the word. */
  private static Stream<ProcessHandle> commandsOf(String id, String word) {
    return ProcessHandle.allProcesses()
        .filter(process -> isOf(id, process) && proc(process, "cmdline").contains(word));
  }

  private static boolean isOf(String id, ProcessHandle process) {
    String environment = proc(process, "environ");
    return environment.contains("OUTPOST_DISPATCH_ID=" + id)
        && !environment.contains("OUTPOST_CLAIM_TOKEN");
  }

  /** What the kernel tells of a process; nothing of one that is gone. */
  private static String proc(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), file), ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }

  /** The calls in which that text stands as a whole. */
  private List<StubModel.Call> callsOf(String text) {
    return model.calls().stream().filter(call -> has(parsed(call.body()), text)).toList();
  }

  private static Object parsed(String body) {
    try {
      return JSON.std.anyFrom(body);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean has(Object value, String text) {
    return switch (value) {
      case String string -> string.contains(text);
      case List<?> list -> list.stream().anyMatch(item -> has(item, text));
      case Map<?, ?> map -> map.values().stream().anyMatch(item -> has(item, text));
      case null, default -> false;
    };
  }

  @SuppressWarnings("unchecked")
  private static List<String> messages(Map<String, Object> data) {
    return ((List<Map<String, Object>>) data.get("logs"))
        .stream().map(line -> (String) line.get("message")).toList();
  }

  @Test
  void anAgentThatIsNotHereIsRefusedBeforeAnythingIsStored() throws Exception {
    ApiClient.Answer refused =
        api.send(
            "POST",
            "/dispatch",
            Optional.of(Map.of("agent", "aider", "task", "Greet from the model.")));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.errorCode()).isEqualTo("SERVICE_UNAVAILABLE");
    assertThat(refused.body().toString()).contains("The agent aider is not available");
    assertThat((List<?>) api.get("/dispatch?agent=aider").data().get("dispatches")).isEmpty();
  }
}
