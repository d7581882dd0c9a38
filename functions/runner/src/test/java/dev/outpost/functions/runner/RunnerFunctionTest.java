package dev.outpost.functions.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.InstallationKey;
import dev.outpost.claim.ArtifactStore;
import dev.outpost.claim.ClaimJob;
import dev.outpost.claim.HearReport;
import dev.outpost.claim.RunTokens;
import dev.outpost.claim.Supplies;
import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Spec;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.edge.Envelope;
import dev.outpost.embedded.EmbeddedContextDocuments;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.embedded.EmbeddedTenantSecrets;
import dev.outpost.embedded.Installation;
import dev.outpost.protocol.RunnerProtocol;
import dev.outpost.run.Artifact;
import dev.outpost.run.Budget;
import dev.outpost.run.Cause;
import dev.outpost.run.Claim;
import dev.outpost.run.ContainerContract;
import dev.outpost.run.Context;
import dev.outpost.run.Failure;
import dev.outpost.run.Instruction;
import dev.outpost.run.Job;
import dev.outpost.run.ModelAccess;
import dev.outpost.run.ModelProtocol;
import dev.outpost.run.Parent;
import dev.outpost.run.Price;
import dev.outpost.run.Progress;
import dev.outpost.run.Report;
import dev.outpost.run.RunResult;
import dev.outpost.run.Workspace;
import dev.outpost.run.WorkspaceArchive;
import dev.outpost.s3.S3Artifacts;
import dev.outpost.tenant.ContextDocument;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.HostTokens;
import dev.outpost.tenant.SecretName;
import dev.outpost.tenant.TenantSecrets;
import dev.outpost.tenant.Tier;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.KeptWorkspace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

class RunnerFunctionTest {
  private static final DispatchId ID = Installation.SAMPLE_ID;

  private final Installation installation = new Installation(Tier.PRO);
  private final TenantSecrets secrets = EmbeddedTenantSecrets.inMemory();
  private final ContextDocuments documents = new EmbeddedContextDocuments(EmbeddedStore.inMemory());
  private final RunTokens tokens = new RunTokens(new InstallationKey(new byte[32]));
  private final ArtifactStore artifacts =
      new S3Artifacts(
          S3Presigner.builder()
              .region(Region.EU_CENTRAL_1)
              .credentialsProvider(
                  StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
              .build(),
          "bucket");
  private final RunnerFunction function =
      new RunnerFunction(
          new ClaimJob(
              installation.dispatches(),
              tokens,
              CatalogueFile.packaged(),
              new Supplies(
                  agent ->
                      agent.secretNames().stream()
                          .collect(Collectors.toMap(name -> name, name -> "secret of " + name)),
                  secrets,
                  new HostTokens("git.test", secrets, () -> Optional.of("the installation's")),
                  documents),
              artifacts,
              installation.workspaces(),
              Duration.ofSeconds(20),
              Duration.ofSeconds(10),
              installation),
          new HearReport(
              installation.dispatches(),
              tokens,
              artifacts,
              installation.workspaces(),
              installation),
          new Envelope(installation));

  /** The sample event, with another body in its place if one is given. */
  private Map<String, Object> call(String path, Optional<String> body) throws IOException {
    Map<String, Object> event =
        JSON.std.mapFrom(
            Files.readString(Path.of(System.getProperty("outpost.root"), "events", "runner.json")));
    event.put("rawPath", path);
    body.ifPresent(text -> event.put("body", text));
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    function.handleRequest(new ByteArrayInputStream(JSON.std.asBytes(event)), answer, null);
    return JSON.std.mapFrom(answer.toString(StandardCharsets.UTF_8));
  }

  private Map<String, Object> claim(String claimant) throws IOException {
    String sample =
        (String)
            JSON.std
                .mapFrom(
                    Files.readString(
                        Path.of(System.getProperty("outpost.root"), "events", "runner.json")))
                .get("body");
    Map<String, Object> body = JSON.std.mapFrom(sample);
    body.put("token", tokens.claimToken(ID, 1));
    body.put("claimant", claimant);
    return call(RunnerProtocol.CLAIM_PATH, Optional.of(JSON.std.asString(body)));
  }

  private Map<String, Object> report(Report.Stage stage) throws IOException {
    Report report =
        new Report(
            ID.value(),
            1,
            tokens.reportToken(ID, 1),
            new Progress(50, "running"),
            Optional.empty(),
            stage);
    return call(RunnerProtocol.REPORT_PATH, Optional.of(RunnerProtocol.toJson(report)));
  }

  private void launched() {
    installation.accept(ID);
    installation.launching(ID);
  }

  @Test
  void whateverElseIsAskedAtItsAddressIsNotFound() throws Exception {
    launched();
    Map<String, Object> event =
        JSON.std.mapFrom(
            Files.readString(Path.of(System.getProperty("outpost.root"), "events", "runner.json")));
    @SuppressWarnings("unchecked")
    Map<String, Object> http =
        (Map<String, Object>) ((Map<?, ?>) event.get("requestContext")).get("http");
    http.put("method", "PUT");
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    function.handleRequest(new ByteArrayInputStream(JSON.std.asBytes(event)), answer, null);
    assertThat(JSON.std.mapFrom(answer.toString(StandardCharsets.UTF_8)))
        .containsEntry("statusCode", 404);
    for (String path : List.of("/", "/runner", "/runner/claim/", "/dispatch", "//runner/claim")) {
      assertThat(call(path, Optional.empty())).as(path).containsEntry("statusCode", 404);
    }
    assertThat(installation.dispatches().find(ID).orElseThrow().state())
        .isInstanceOf(DispatchState.Provisioning.class);
  }

  @Test
  void theSampleClaimGetsTheJob() throws Exception {
    launched();
    Map<String, Object> answer = call(RunnerProtocol.CLAIM_PATH, Optional.empty());
    assertThat(answer).containsEntry("statusCode", 200);
    assertThat(RunnerProtocol.jobFromAnswer((String) answer.get("body")).dispatchId())
        .isEqualTo(ID.value());
    assertThat(installation.dispatch(ID).state()).isInstanceOf(DispatchState.Running.class);
  }

  @Test
  void aFollowUpGetsWhatItContinues() throws Exception {
    Spec usual = installation.dispatch(installation.accept()).spec();
    Job job = followUp(usual.agent(), usual.agent());
    Parent parent = job.parent().orElseThrow();
    assertThat(parent.baseCommit()).contains("0123456789012345678901234567890123456789");
    assertThat(parent.summary()).isEqualTo("All is done.");
    assertThat(parent.task()).isEqualTo(usual.task());
    assertThat(parent.patchUrl())
        .contains(parent.dispatchId() + "/changes.patch")
        .contains("X-Amz-Signature");
    assertThat(parent.toString()).doesNotContain("X-Amz");
  }

  @ParameterizedTest
  @CsvSource({
    "claude, claude, true",
    "codex, codex, true",
    "claude, codex, false",
    "aider, aider, false",
    "script, claude, false"
  })
  void theConversationIsForTheAgentThatHadItAndCanGoOn(String had, String agent, boolean given)
      throws Exception {
    Job job = followUp(had, agent);
    assertThat(job.resumable().isPresent()).isEqualTo(!agent.equals("aider"));
    Parent parent = job.parent().orElseThrow();
    assertThat(parent.sessionUrl().isPresent()).isEqualTo(given);
    parent
        .sessionUrl()
        .ifPresent(
            url ->
                assertThat(url).contains(parent.dispatchId() + "/session.txt", "X-Amz-Signature"));
  }

  private void admit(DispatchId id, String agent, Optional<DispatchId> parent) {
    Spec usual = installation.dispatch(installation.accept()).spec();
    Spec spec =
        new Spec(
            agent,
            usual.model(),
            parent.isPresent() ? "echo and now this too" : usual.task(),
            usual.repo(),
            usual.workspace(),
            usual.context(),
            usual.timeout(),
            usual.size(),
            usual.tags(),
            usual.expiresAt(),
            usual.budget(),
            parent,
            List.of(),
            Optional.empty(),
            List.of(),
            Optional.empty());
    installation
        .dispatches()
        .admit(
            Dispatch.accepted(id, Installation.SAMPLE_TENANT, spec, installation.instant()),
            1000,
            Optional.empty());
    installation.launching(id);
  }

  private Job followUp(String had, String agent) throws Exception {
    DispatchId earlier = new DispatchId("dsp_01JXEARLIER000000000000000");
    admit(earlier, had, Optional.empty());
    String commit = "0123456789012345678901234567890123456789";
    installation.happen(
        earlier,
        new DispatchEvent.Claiming(1, new Claimed("runner", installation.instant())),
        new DispatchEvent.Finished(
            1,
            installation.instant(),
            new RunResult(
                Optional.empty(),
                OptionalInt.of(0),
                "All is done.",
                Optional.empty(),
                Optional.of(commit),
                1,
                List.of(new Artifact(Artifact.Type.PATCH, 10)))));
    admit(ID, agent, Optional.of(earlier));
    Map<String, Object> answer = call(RunnerProtocol.CLAIM_PATH, Optional.empty());
    Job job = RunnerProtocol.jobFromAnswer((String) answer.get("body"));
    assertThat(job.parent().orElseThrow().dispatchId()).isEqualTo(earlier.value());
    return job;
  }

  @Test
  void aForeignTokenIsDenied() throws IOException {
    launched();
    byte[] otherKey = new byte[32];
    otherKey[0] = 1;
    String foreign = new RunTokens(new InstallationKey(otherKey)).claimToken(ID, 1);
    Map<String, Object> answer =
        call(
            RunnerProtocol.CLAIM_PATH,
            Optional.of(
                RunnerProtocol.toJson(new Claim(ID.value(), 1, foreign, "one", Optional.empty()))));
    assertThat(answer).containsEntry("statusCode", 401);
    assertThat((String) answer.get("body")).contains("AUTHENTICATION_ERROR");
    assertThat(installation.dispatch(ID).state()).isInstanceOf(DispatchState.Provisioning.class);
  }

  @Test
  void theFirstClaimantGetsTheJobAndItsReportToken() throws Exception {
    launched();
    Map<String, Object> answer = claim("one");
    assertThat(answer).containsEntry("statusCode", 200);
    Job job = RunnerProtocol.jobFromAnswer((String) answer.get("body"));
    assertThat(job.task()).isEqualTo("echo hello > hello.txt");
    assertThat(job.secrets()).isEmpty();
    assertThat(job.access()).isEmpty();
    assertThat(job.reportToken()).isEqualTo(tokens.reportToken(ID, 1));
    assertThat(job.timeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(claim("one")).as("asked again after a lost answer").isEqualTo(answer);
  }

  @Test
  void theKeyToTheModelComesApartFromWhatTheAgentMaySee() throws Exception {
    Budget budget = new Budget(OptionalDouble.of(1.5), OptionalLong.of(50_000));
    installation.accept(
        ID,
        new Spec(
            "claude",
            Optional.of("claude-opus-4-5-20251101"),
            "Write the test that is missing.",
            Optional.empty(),
            new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.NONE),
            Optional.of(Context.STANDARD),
            Duration.ofMinutes(10),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            budget));
    installation.launching(ID);
    Job job = RunnerProtocol.jobFromAnswer((String) claim("one").get("body"));
    ModelAccess access = job.access().orElseThrow();
    assertThat(access.protocol()).isEqualTo(ModelProtocol.ANTHROPIC);
    assertThat(access.upstream()).isEqualTo(URI.create("https://api.anthropic.com"));
    assertThat(access.key()).contains("secret of ANTHROPIC_API_KEY");
    assertThat(access.prices().of("claude-opus-4-5-20251101"))
        .contains(new Price(5, 6.25, 0.5, 25));
    assertThat(job.budget()).isEqualTo(budget);
    assertThat(job.environment())
        .containsEntry("ANTHROPIC_BASE_URL", "{gateway_url}")
        .containsEntry("ANTHROPIC_API_KEY", "{gateway_key}");
    assertThat(job.secrets()).isEmpty();
    assertThat(job + " " + access).doesNotContain("secret of");
  }

  private void launched(String agent, Optional<String> repository, List<String> names) {
    installation.accept(
        ID,
        new Spec(
            agent,
            Optional.of("m"),
            "Write the test that is missing.",
            repository,
            new Workspace(repository, Optional.empty(), Workspace.Init.MINIMAL),
            agent.equals("script") ? Optional.empty() : Optional.of(Context.STANDARD),
            Duration.ofMinutes(10),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Budget.NONE,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            names,
            Optional.empty()));
    installation.launching(ID);
  }

  private void brings(String name, String value) {
    secrets.put(Installation.SAMPLE_TENANT, new SecretName(name), value, installation.instant());
  }

  private Job claimed() throws Exception {
    return RunnerProtocol.jobFromAnswer((String) claim("one").get("body"));
  }

  @Test
  void theTenantsOwnKeyIsPreferredAndStaysApartFromTheAgent() throws Exception {
    brings("ANTHROPIC_API_KEY", "the tenant's own key");
    launched("claude", Optional.empty(), List.of());
    Job job = claimed();
    assertThat(job.access().orElseThrow().key()).contains("the tenant's own key");
    assertThat(job.secrets()).isEmpty();
  }

  @Test
  void theSecretsThatWereNamedAreTheAgentsAndNoOthers() throws Exception {
    brings("NPM_TOKEN", "the token for npm");
    brings("DB_PASSWORD", "the password of the database");
    launched("script", Optional.empty(), List.of("NPM_TOKEN"));
    Job job = claimed();
    assertThat(job.secrets()).isEqualTo(Map.of("NPM_TOKEN", "the token for npm"));
    assertThat(job.toString()).doesNotContain("the token for npm");
  }

  @Test
  void aSecretThatWasDeletedMeanwhileEndsTheRunBeforeItBegins() throws Exception {
    brings("NPM_TOKEN", "the token for npm");
    launched("script", Optional.empty(), List.of("NPM_TOKEN", "DB_PASSWORD"));
    Map<String, Object> answer = claim("one");
    assertThat(answer).containsEntry("statusCode", 409);
    assertThat((String) answer.get("body"))
        .contains("DB_PASSWORD")
        .doesNotContain("NPM_TOKEN", "the token for npm");
    assertThat(claim("one")).as("asked again").containsEntry("statusCode", 409);
    // The runner ends, having done nothing, and its task stops.
    installation.happen(
        ID,
        new DispatchEvent.TaskStopped(
            OptionalInt.of(1),
            "arn:task",
            installation.instant(),
            OptionalInt.of(ContainerContract.EXIT_NOT_CLAIMED),
            Optional.empty()));
    assertThat(installation.dispatch(ID).state())
        .isInstanceOfSatisfying(
            DispatchState.Ended.class,
            ended ->
                assertThat(ended.failure())
                    .contains(
                        new Failure(
                            Cause.SECRET_MISSING,
                            "the dispatch asks for secrets that the tenant has deleted:"
                                + " DB_PASSWORD")));
  }

  @Test
  void aRepositoryOnTheTokensHostIsGivenTheToken() throws Exception {
    launched("script", Optional.of("https://git.test/octo/shop.git"), List.of());
    assertThat(claimed().workspace().repository())
        .contains("https://x-access-token:the%20installation%27s@git.test/octo/shop.git");
  }

  @Test
  void theTenantsOwnTokenIsPreferredForItsRepository() throws Exception {
    brings("GIT_TOKEN", "p@ss/word:+%");
    launched("script", Optional.of("https://git.test/octo/shop.git"), List.of());
    Job job = claimed();
    assertThat(job.workspace().repository())
        .contains("https://x-access-token:p%40ss%2Fword%3A%2B%25@git.test/octo/shop.git");
    assertThat(job.secrets()).isEmpty();
    assertThat(installation.dispatch(ID).spec().workspace().repository())
        .contains("https://git.test/octo/shop.git");
  }

  @Test
  void noOtherHostIsSentAToken() throws Exception {
    brings("GIT_TOKEN", "the tenant's token");
    launched("script", Optional.of("https://evil.test/octo/shop.git"), List.of());
    assertThat(claimed().workspace().repository()).contains("https://evil.test/octo/shop.git");
  }

  @Test
  void theTenantsDocumentComesToAnAgentThatTakesAPreamble() throws Exception {
    documents.put(
        Installation.SAMPLE_TENANT,
        new ContextDocument("We write British English.", installation.instant()));
    launched("claude", Optional.empty(), List.of());
    assertThat(claimed().standingContext()).contains("We write British English.");
  }

  @Test
  void anAgentWithoutAPreambleGetsNoDocument() throws Exception {
    documents.put(
        Installation.SAMPLE_TENANT,
        new ContextDocument("We write British English.", installation.instant()));
    launched("script", Optional.empty(), List.of());
    assertThat(claimed().standingContext()).isEmpty();
  }

  @Test
  void aSecondClaimantGetsAConflict() throws IOException {
    launched();
    claim("one");
    assertThat(claim("two")).containsEntry("statusCode", 409);
  }

  @Test
  void aJobThatIsNotLaunchedIsNotGiven() throws IOException {
    installation.accept(ID);
    assertThat(claim("one")).containsEntry("statusCode", 409);
  }

  @Test
  void aReportIsAnsweredWithWhatToDo() throws Exception {
    launched();
    claim("one");
    Map<String, Object> goOn = report(new Report.Stage.Working());
    assertThat(RunnerProtocol.instructionFromAnswer((String) goOn.get("body")))
        .isEqualTo(new Instruction(Optional.empty(), Map.of()));
    installation.happen(
        ID,
        new DispatchEvent.StopAsked(
            installation.instant(), new Failure(Cause.CANCELLED, "Cancelled.")));
    Map<String, Object> stop = report(new Report.Stage.Working());
    assertThat(RunnerProtocol.instructionFromAnswer((String) stop.get("body")).stop())
        .contains(Instruction.Stop.CANCEL);
  }

  @Test
  void uploadsGoToUrlsOfTheDispatchsOwn() throws Exception {
    launched();
    claim("one");
    Map<String, Object> answer = report(new Report.Stage.Uploading());
    Instruction instruction = RunnerProtocol.instructionFromAnswer((String) answer.get("body"));
    assertThat(instruction.uploads()).containsOnlyKeys(Artifact.Type.values());
    assertThat(instruction.uploads().get(Artifact.Type.PATCH))
        .contains(Installation.SAMPLE_TENANT.value() + "/" + ID.value() + "/changes.patch");
  }

  @Test
  void aRunWithoutAPersistentWorkspaceIsToldOfNone() throws Exception {
    launched();
    assertThat(claimed().archive()).isEmpty();
    Map<String, Object> answer = report(new Report.Stage.Uploading());
    assertThat(RunnerProtocol.instructionFromAnswer((String) answer.get("body")).workspaceUpload())
        .isEmpty();
    assertThat(installation.workspaces().list(Installation.SAMPLE_TENANT, installation.instant()))
        .isEmpty();
  }

  @Test
  void aWorkspacesFirstRunBringsNothingAndTheNextFetchesWhatItHasSaved() throws Exception {
    DispatchId next = installation.accept("nightly", Booking.WhenBusy.WAIT);
    installation.accept(ID, "nightly", Booking.WhenBusy.WAIT);
    installation.launching(ID);
    WorkspaceArchive fresh = claimed().archive().orElseThrow();
    assertThat(fresh.name()).isEqualTo("nightly");
    assertThat(fresh.url()).as("nothing was saved yet").isEmpty();
    assertThat(fresh.toString()).contains(fresh.workspaceId());

    Map<String, Object> answer = report(new Report.Stage.Uploading());
    String key =
        "/workspaces/"
            + Installation.SAMPLE_TENANT.value()
            + "/"
            + fresh.workspaceId()
            + "/"
            + ID.value()
            + ".tar.gz?";
    assertThat(RunnerProtocol.instructionFromAnswer((String) answer.get("body")).workspaceUpload())
        .hasValueSatisfying(url -> assertThat(url).contains(key, "X-Amz-Signature"));
    Report.Stage finished =
        new Report.Stage.Finished(
            new RunResult(
                Optional.empty(),
                OptionalInt.of(0),
                "done",
                Optional.empty(),
                Optional.empty(),
                1,
                List.of("a.txt"),
                List.of(),
                OptionalLong.of(1234)));
    report(finished);
    report(finished);
    KeptWorkspace kept =
        installation
            .workspaces()
            .list(Installation.SAMPLE_TENANT, installation.instant())
            .getFirst();
    assertThat(kept.sizeBytes()).isEqualTo(1234);
    assertThat(kept.lastDispatchId()).isEqualTo(ID);
    assertThat(installation.dispatch(ID).state().told().orElseThrow().workspaceBytes())
        .hasValue(1234);

    installation.happen(ID, new DispatchEvent.TaskGone(1, installation.instant()));
    assertThat(report(finished))
        .as("the workspace is no longer its own")
        .containsEntry("statusCode", 409);
    installation.launching(next);
    Claim claim = new Claim(next.value(), 1, tokens.claimToken(next, 1), "one", Optional.empty());
    Map<String, Object> granted =
        call(RunnerProtocol.CLAIM_PATH, Optional.of(RunnerProtocol.toJson(claim)));
    assertThat(
            RunnerProtocol.jobFromAnswer((String) granted.get("body"))
                .archive()
                .flatMap(WorkspaceArchive::url))
        .hasValueSatisfying(url -> assertThat(url).contains(key));
  }

  @Test
  void aResultIsTakenOnceAndItsRepetitionIsAnsweredAlike() throws IOException {
    launched();
    claim("one");
    Report.Stage finished =
        new Report.Stage.Finished(
            new RunResult(
                Optional.empty(),
                OptionalInt.of(0),
                "done",
                Optional.empty(),
                Optional.empty(),
                1,
                List.of()));
    assertThat(report(finished)).containsEntry("statusCode", 200);
    assertThat(installation.dispatch(ID).state()).isInstanceOf(DispatchState.Completing.class);
    assertThat(report(finished)).containsEntry("statusCode", 200);
  }

  @Test
  void whatIsNoMessageIsAValidationError() throws IOException {
    for (String body : List.of("", "null", "[]", "{", "{\"dispatchId\":7}", "{\"a\":1,\"a\":2}")) {
      assertThat(call(RunnerProtocol.CLAIM_PATH, Optional.of(body)))
          .as(body)
          .containsEntry("statusCode", 400);
      assertThat(call(RunnerProtocol.REPORT_PATH, Optional.of(body)))
          .as(body)
          .containsEntry("statusCode", 400);
    }
    String large = "{\"dispatchId\":\"" + "x".repeat(RunnerFunction.MAX_BODY) + "\"}";
    assertThat(call(RunnerProtocol.CLAIM_PATH, Optional.of(large)))
        .containsEntry("statusCode", 413);
  }

  @Test
  void aCostThatIsNoneIsRefusedBeforeItCouldMakeARecordUnreadable() throws IOException {
    launched();
    claim("one");
    for (String cost : List.of("1e999", "-1", "1e300")) {
      String body =
          """
          {"dispatchId":"%s","attempt":1,"token":"%s","percent":90,"message":"m","stage":"working",
           "usage":{"inputTokens":1,"cachedTokens":0,"outputTokens":1,"costUsd":%s}}"""
              .formatted(ID.value(), tokens.reportToken(ID, 1), cost);
      assertThat(call(RunnerProtocol.REPORT_PATH, Optional.of(body)))
          .as(cost)
          .containsEntry("statusCode", 400);
    }
  }
}
