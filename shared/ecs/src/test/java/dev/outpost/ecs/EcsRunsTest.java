package dev.outpost.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.agent.TaskSize;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Spec;
import dev.outpost.launch.Runs.Order;
import dev.outpost.launch.Runs.Sighting;
import dev.outpost.launch.Runs.Start;
import dev.outpost.run.Cause;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;

@Timeout(30)
class EcsRunsTest {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
  private static final DispatchId ID = new DispatchId("dsp_01KC5Q8Z6V3M4N5P6Q7R8S9T0A");
  private static final String ARN = "arn:aws:ecs:eu-central-1:111122223333:task/outpost/c13b";
  private static final String DEFINITION =
      "arn:aws:ecs:eu-central-1:111122223333:task-definition/outpost-claude-prod:7";
  private static final EcsConfig CONFIG =
      new EcsConfig(
          "prod",
          URI.create("https://api.example.com/prod"),
          "outpost",
          List.of("subnet-a", "subnet-b"),
          List.of("sg-1"),
          true,
          Optional.empty(),
          List.of());
  private static final Order ORDER = new Order(ID, 2, DEFINITION, "one-time", Optional.empty());

  private HttpEcs server;
  private EcsClient client;
  private EcsRuns runs;
  private Instant now = T0;

  @BeforeEach
  void start() throws IOException {
    server = new HttpEcs();
    client = server.client();
    runs = new EcsRuns(client, CONFIG, () -> now);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void anOrderIsTheSameBytesHoweverOftenItIsGiven() {
    server.answer("RunTask", task("RUNNING")).answer("RunTask", task("RUNNING"));
    assertThat(runs.start(ORDER)).isEqualTo(new Start.Started(ARN));
    Order again = new Order(ID, 2, DEFINITION, "one-time", Optional.empty());
    try (EcsClient other = server.client()) {
      assertThat(new EcsRuns(other, CONFIG, () -> now).start(again))
          .isInstanceOf(Start.Started.class);
    }
    List<HttpEcs.Call> calls = server.calls("RunTask");
    assertThat(calls.get(1)).isEqualTo(calls.get(0));
  }

  @Test
  void anOrderSaysWhatItMustAndNothingElse() throws IOException {
    server.answer("RunTask", task("PENDING"));
    Order order =
        new Order(
            ID,
            2,
            DEFINITION,
            "one-time",
            Optional.of(new TaskSize(1024, 4096, OptionalInt.of(40))));
    runs.start(order);
    assertThat(JSON.std.mapFrom(server.calls("RunTask").getFirst().body()))
        .isEqualTo(
            JSON.std.mapFrom(
                """
                {"cluster":"outpost","count":1,"launchType":"FARGATE",
                 "taskDefinition":"%s",
                 "clientToken":"4701b2415ef75f90d1461011fb34b113d5e7bda9db98556909ed905d0f71cb2e",
                 "startedBy":"%s",
                 "enableECSManagedTags":true,"propagateTags":"TASK_DEFINITION",
                 "tags":[{"key":"outpost:dispatch","value":"%s"}],
                 "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-a","subnet-b"],
                   "securityGroups":["sg-1"],"assignPublicIp":"ENABLED"}},
                 "overrides":{"cpu":"1024","memory":"4096","ephemeralStorage":{"sizeInGiB":40},
                   "containerOverrides":[{"name":"agent","environment":[
                     {"name":"OUTPOST_API_URL","value":"https://api.example.com/prod"},
                     {"name":"OUTPOST_DISPATCH_ID","value":"%s"},
                     {"name":"OUTPOST_ATTEMPT","value":"2"},
                     {"name":"OUTPOST_CLAIM_TOKEN","value":"one-time"}]}]}}
                """
                    .formatted(DEFINITION, ID, ID, ID)));
  }

  @Test
  void capacityProvidersTakeThePlaceOfTheLaunchType() throws IOException {
    server.answer("RunTask", task("PENDING"));
    EcsConfig spot =
        new EcsConfig(
            "prod",
            CONFIG.apiUrl(),
            "outpost",
            CONFIG.subnets(),
            CONFIG.securityGroups(),
            false,
            Optional.of("1.4.0"),
            List.of(new EcsConfig.CapacityShare("FARGATE_SPOT", 3, 0)));
    new EcsRuns(client, spot, () -> now).start(ORDER);
    assertThat(JSON.std.mapFrom(server.calls("RunTask").getFirst().body()))
        .containsEntry("platformVersion", "1.4.0")
        .containsEntry(
            "capacityProviderStrategy",
            List.of(Map.of("capacityProvider", "FARGATE_SPOT", "weight", 3, "base", 0)))
        .doesNotContainKey("launchType");
  }

  @Test
  void failuresAreAWantOfCapacity() {
    server.answer("RunTask", "{\"tasks\":[],\"failures\":[{\"reason\":\"RESOURCE:MEMORY\"}]}");
    assertThat(runs.start(ORDER))
        .isInstanceOfSatisfying(
            Start.NoCapacity.class,
            none -> {
              assertThat(none.why().cause()).isEqualTo(Cause.NO_CAPACITY);
              assertThat(none.why().message()).contains("RESOURCE:MEMORY");
            });
    server.answer("RunTask", "{\"tasks\":[],\"failures\":[]}");
    assertThat(runs.start(ORDER)).isInstanceOf(Start.Unknown.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | ThrottlingException | Rate exceeded | Unknown
          400 | RequestLimitExceeded | Request limit exceeded. | Unknown
          400 | InvalidParameterException | Error retrieving security group information for [sg-1]: Request limit exceeded. (ErrorCode: RequestLimitExceeded) | Unknown
          429 | TooManyRequests | slow down | Unknown
          500 | ServerException | Service Unavailable. Please try again later. | Unknown
          503 | ServiceUnavailableException | | Unknown
          400 | ClientException | Capacity is unavailable at this time. Please try again later or in a different availability zone | NoCapacity
          400 | ThrottlingException | You've reached the limit on the number of vCPUs you can run concurrently | NoCapacity
          400 | InvalidParameterException | Invalid 'cpu' setting for task | Refused
          400 | ClientException | TaskDefinition is inactive | Refused
          400 | AccessDeniedException | User: arn:aws:sts::111122223333:assumed-role/r is not authorized to perform: ecs:RunTask | Refused
          400 | ClusterNotFoundException | Cluster not found. | Refused
          400 | PlatformUnknownException | The specified platform does not exist. | Refused
          400 | UnsupportedFeatureException | no | Refused
          """)
  void anErrorMeansWhatItsCodeSays(int status, String code, String message, String start) {
    server.answer("RunTask", status, error(code, message == null ? "" : message));
    assertThat(runs.start(ORDER).getClass().getSimpleName()).isEqualTo(start);
  }

  @Test
  void aRefusalTellsWhyWithoutTheAccount() {
    server.answer(
        "RunTask",
        400,
        error("AccessDeniedException", "User: arn:aws:sts::111122223333:assumed-role/r may not."));
    assertThat(runs.start(ORDER))
        .isInstanceOfSatisfying(
            Start.Refused.class,
            refused -> {
              assertThat(refused.why().cause()).isEqualTo(Cause.LAUNCH_FAILED);
              assertThat(refused.why().message())
                  .isEqualTo(
                      "The platform refused to start the task (AccessDeniedException): User: […] may not.");
            });
  }

  @Test
  void aConflictIsAdopted() {
    server.answer(
        "RunTask",
        400,
        "{\"__type\":\"ConflictException\",\"message\":\"in use\",\"resourceIds\":[\""
            + ARN
            + "\"]}");
    assertThat(runs.start(ORDER)).isEqualTo(new Start.Started(ARN));
    server.answer("RunTask", 400, error("ConflictException", "in use"));
    assertThat(runs.start(ORDER)).isInstanceOf(Start.Unknown.class);
  }

  @Test
  void silenceAndALostConnectionAreUnknown() {
    server.silence("RunTask");
    try (EcsClient impatient = server.client(Duration.ofSeconds(2))) {
      EcsRuns asking = new EcsRuns(impatient, CONFIG, () -> now);
      assertThat(asking.start(ORDER)).isInstanceOf(Start.Unknown.class);
      server.close();
      assertThat(asking.start(ORDER)).isInstanceOf(Start.Unknown.class);
    }
  }

  @Test
  void aWrappedErrorIsStillRecognised() {
    EcsException throttled =
        (EcsException) EcsException.builder().statusCode(429).message("Rate exceeded").build();
    assertThat(Starts.of(new CompletionException(throttled))).isInstanceOf(Start.Unknown.class);
    IllegalStateException ownFault = new IllegalStateException("ours");
    assertThatThrownBy(() -> Starts.of(ownFault)).isSameAs(ownFault);
  }

  @Test
  void theNewestRevisionIsAskedForOnceAMinute() {
    String answer = "{\"taskDefinition\":{\"taskDefinitionArn\":\"%s\"}}";
    server
        .answer("DescribeTaskDefinition", answer.formatted(DEFINITION))
        .answer("DescribeTaskDefinition", answer.formatted("newer:8"));
    assertThat(runs.taskDefinition("claude")).contains(DEFINITION);
    now = T0.plusSeconds(59);
    assertThat(runs.taskDefinition("claude")).contains(DEFINITION);
    now = T0.plusSeconds(60);
    assertThat(runs.taskDefinition("claude")).contains("newer:8");
    assertThat(server.calls("DescribeTaskDefinition").getFirst().body())
        .isEqualTo("{\"taskDefinition\":\"outpost-claude-prod\"}");
    server.answer(
        "DescribeTaskDefinition",
        400,
        error("ClientException", "Unable to describe task definition."));
    assertThat(runs.taskDefinition("other")).isEmpty();
  }

  @Test
  void aStopNamesItsReasonAndATaskThatIsGoneNeedsNone() {
    server
        .answer("StopTask", "{\"task\":{}}")
        .answer(
            "StopTask",
            400,
            error("InvalidParameterException", "The referenced task was not found."))
        .answer("DescribeTasks", missing())
        .answer("StopTask", 400, error("InvalidParameterException", "Another fault."))
        .answer("DescribeTasks", task("RUNNING"))
        .answer("StopTask", 400, error("ClusterNotFoundException", "Cluster not found."));
    runs.stop(ARN, "c".repeat(300));
    assertThat(server.calls("StopTask").getFirst().body())
        .isEqualTo(
            "{\"cluster\":\"outpost\",\"task\":\""
                + ARN
                + "\",\"reason\":\""
                + "c".repeat(255)
                + "\"}");
    runs.stop(ARN, "cancelled");
    assertThatThrownBy(() -> runs.stop(ARN, "cancelled"))
        .isInstanceOf(InvalidParameterException.class);
    assertThatThrownBy(() -> runs.stop(ARN, "cancelled"))
        .isInstanceOf(ClusterNotFoundException.class);
  }

  @Test
  void aKnownTaskIsLookedUpByItsArn() {
    server
        .answer("DescribeTasks", task("RUNNING"))
        .answer("DescribeTasks", task("STOPPED"))
        .answer("DescribeTasks", missing())
        .answer("DescribeTasks", "{\"tasks\":[],\"failures\":[{\"reason\":\"ACCESS\"}]}")
        .answer("DescribeTasks", 500, error("ServerException", "later"));
    Dispatch dispatch = launched(2, Optional.of(ARN));
    assertThat(runs.find(dispatch)).isEqualTo(new Sighting.Alive(OptionalInt.of(2), ARN));
    assertThat(runs.find(dispatch))
        .isInstanceOfSatisfying(
            Sighting.Stopped.class,
            stopped -> {
              assertThat(stopped.event().exitCode()).hasValue(137);
              assertThat(stopped.event().attempt()).hasValue(2);
              assertThat(stopped.event().at()).isEqualTo(Instant.ofEpochMilli(1763805600500L));
              assertThat(stopped.event().failure().orElseThrow().cause())
                  .isEqualTo(Cause.OUT_OF_MEMORY);
            });
    assertThat(runs.find(dispatch)).isEqualTo(new Sighting.None());
    assertThatThrownBy(() -> runs.find(dispatch)).hasMessageContaining("ACCESS");
    assertThatThrownBy(() -> runs.find(dispatch)).isInstanceOf(EcsException.class);
  }

  @Test
  void anUnknownTaskIsLookedForByItsDispatch() throws IOException {
    server
        .answer("ListTasks", "{\"taskArns\":[]}")
        .answer("ListTasks", "{\"taskArns\":[\"" + ARN + "\"]}")
        .answer("DescribeTasks", task("STOPPED"));
    assertThat(runs.find(launched(2, Optional.empty()))).isInstanceOf(Sighting.Stopped.class);
    assertThat(JSON.std.mapFrom(server.calls("ListTasks").getLast().body()))
        .isEqualTo(
            Map.of("cluster", "outpost", "startedBy", ID.value(), "desiredStatus", "STOPPED"));

    server.answer("ListTasks", "{}").answer("ListTasks", "{}");
    assertThat(runs.find(launched(2, Optional.empty()))).isEqualTo(new Sighting.None());
  }

  @Test
  void aTaskOfAnotherAttemptIsNotTheOne() {
    server
        .answer("ListTasks", "{\"taskArns\":[\"" + ARN + "\"]}")
        .answer("ListTasks", "{\"taskArns\":[]}")
        .answer("DescribeTasks", task("STOPPED"));
    assertThat(runs.find(launched(3, Optional.empty()))).isEqualTo(new Sighting.None());
  }

  private static String task(String status) {
    return """
        {"failures":[],"tasks":[{"taskArn":"%s","startedBy":"%s","lastStatus":"%s",
          "stopCode":"EssentialContainerExited","stoppedAt":1763805600.5,
          "overrides":{"containerOverrides":[{"name":"agent","environment":[
            {"name":"OUTPOST_ATTEMPT","value":"2"}]}]},
          "containers":[{"name":"agent","exitCode":137,
            "reason":"OutOfMemoryError: Container killed due to memory usage"}]}]}
        """
        .formatted(ARN, ID, status);
  }

  private static String missing() {
    return "{\"tasks\":[],\"failures\":[{\"arn\":\"" + ARN + "\",\"reason\":\"MISSING\"}]}";
  }

  private static String error(String code, String message) {
    return "{\"__type\":\"" + code + "\",\"message\":\"" + message + "\"}";
  }

  private static Dispatch launched(int attempt, Optional<String> arn) {
    Spec spec =
        new Spec(
            "script",
            Optional.empty(),
            "echo hello world",
            Optional.empty(),
            new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.NONE),
            Optional.empty(),
            Duration.ofMinutes(10),
            Optional.empty(),
            Map.of(),
            Optional.empty());
    return Dispatch.accepted(ID, TenantId.INSTALLATION, spec, T0)
        .in(new DispatchState.Provisioning(new Launch(attempt, T0, DEFINITION, arn)));
  }
}
