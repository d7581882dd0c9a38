package dev.outpost.cdk;

import static dev.outpost.cdk.Template.list;
import static dev.outpost.cdk.Template.map;
import static dev.outpost.cdk.Template.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.edge.Upstreams;
import dev.outpost.functions.api.RouteKey;
import dev.outpost.functions.runner.RunnerFunction;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.event.ruler.Ruler;

/** What the template says of the code, and the code of the template. */
class WiringTest {
  /** Not read by us: Powertools names its lines and metrics by it; the JVM takes its options. */
  private static final Set<String> LIBRARIES =
      Set.of("POWERTOOLS_SERVICE_NAME", "JAVA_TOOL_OPTIONS");

  /** So that a wiring gets as far as its configuration leads, and no call leaves the machine. */
  private static final Map<String, String> ALONE =
      Map.of("aws.region", "eu-central-1", "aws.disableEc2Metadata", "true");

  @BeforeAll
  static void withoutAws() {
    ALONE.forEach(System::setProperty);
  }

  @AfterAll
  static void asBefore() {
    ALONE.keySet().forEach(System::clearProperty);
  }

  @ParameterizedTest
  @EnumSource(Room.class)
  void aHandlerIsAClassOfItsOwnPackage(Room room) throws IOException {
    String handler = String.valueOf(properties(room).get("Handler"));
    String entry = handler.replace('.', '/') + ".class";
    Path lib =
        Templates.ROOT.resolve("functions").resolve(room.word()).resolve("target/function/lib");
    List<String> holders = new ArrayList<>();
    List<Path> jars;
    try (Stream<Path> files = Files.list(lib)) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
    for (Path jar : jars) {
      try (JarFile opened = new JarFile(jar.toFile())) {
        if (opened.getEntry(entry) != null) {
          holders.add(jar.getFileName().toString());
        }
      }
    }
    assertThat(holders).hasSize(1).allMatch(name -> name.startsWith("outpost-"));
    // Java's runtime on Lambda has lib/*.jar of the package on the class path, and nothing else of
    // it.
    try (Stream<Path> files = Files.list(lib.getParent())) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("lib");
    }
  }

  @ParameterizedTest
  @EnumSource(Room.class)
  void aFunctionReadsTheVariablesThatItIsGivenAndIsGivenThoseThatItReads(Room room)
      throws ReflectiveOperationException {
    Map<String, String> given = new DeployedRoles("full").variables(room);
    Set<String> read = new TreeSet<>();
    wire(room, new Noted(given, read));
    Set<String> ours = new TreeSet<>(given.keySet());
    ours.removeAll(LIBRARIES);
    // Asked for by their beginning, each of them optional.
    ours.removeIf(name -> name.startsWith(Upstreams.PREFIX));
    assertThat(read).isEqualTo(ours);
  }

  @Test
  void anAddressOfAModelReachesTheFunctionThatTellsItToRunners() {
    assertThat(
            map(map(properties(Room.RUNNER).get("Environment")).get("Variables"))
                .get("OUTPOST_UPSTREAM_CLAUDE"))
        .isEqualTo("https://models.example.com/anthropic");
  }

  /** A map that notes what is asked of it. */
  private static final class Noted extends AbstractMap<String, String> {
    private final Map<String, String> given;
    private final Set<String> read;

    Noted(Map<String, String> given, Set<String> read) {
      this.given = Map.copyOf(given);
      this.read = read;
    }

    @Override
    public String get(Object name) {
      read.add(String.valueOf(name));
      return given.get(name);
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
      return given.entrySet();
    }
  }

  /** Has the function's own code make all that it is made of from these variables. */
  private static void wire(Room room, Map<String, String> variables)
      throws ReflectiveOperationException {
    try {
      var _ = Wiring.parts(room, variables);
    } catch (InvocationTargetException e) {
      // Some of them ask Secrets Manager for a key, after everything has been read.
      if (!(e.getCause() instanceof SdkException)) {
        throw e;
      }
    }
  }

  @Test
  void everyPatternMatchesItsSampleAndNoOther() throws Exception {
    Template prod = Templates.control("prod");
    Map<String, List<String>> patterns = new LinkedHashMap<>();
    Map<?, ?> rule = prod.one("AWS::Events::Rule", "Name", "outpost-task-events-prod");
    patterns.put(
        "taskevents", List.of(JSON.std.asString(Template.resolved(rule.get("EventPattern")))));
    List<String> ofRelay = new ArrayList<>();
    for (Map<?, ?> source : prod.ofType("AWS::Lambda::EventSourceMapping").values()) {
      for (Object filter : list(map(source.get("FilterCriteria")).get("Filters"))) {
        ofRelay.add(String.valueOf(map(filter).get("Pattern")));
      }
    }
    patterns.put("relay", ofRelay);
    assertThat(ofRelay).hasSizeBetween(2, 5);
    Map<String, List<String>> samples = new LinkedHashMap<>();
    for (Room room : Room.values()) {
      samples.put(room.word(), samples(room));
    }
    assertThat(patterns).containsOnlyKeys("taskevents", "relay");
    for (Map.Entry<String, List<String>> pattern : patterns.entrySet()) {
      for (Map.Entry<String, List<String>> sample : samples.entrySet()) {
        for (String event : sample.getValue()) {
          boolean matches = false;
          for (String one : pattern.getValue()) {
            matches |= Ruler.matchesRule(event, one);
          }
          assertThat(matches)
              .as(pattern.getKey() + "'s pattern on " + event)
              .isEqualTo(pattern.getKey().equals(sample.getKey()));
        }
      }
    }
    // Another stage's tasks in the same account are none of ours.
    Map<?, ?> other =
        Templates.control("dev").one("AWS::Events::Rule", "Name", "outpost-task-events-dev");
    assertThat(
            Ruler.matchesRule(
                samples(Room.TASKEVENTS).getFirst(),
                JSON.std.asString(Template.resolved(other.get("EventPattern")))))
        .isFalse();
  }

  /** What a rule or a filter sees of a sample: what EventBridge sent, or the single record. */
  private static List<String> samples(Room room) throws IOException {
    Map<String, Object> event = Templates.event(room);
    List<String> samples = new ArrayList<>();
    for (Object entry : list(event.get("Records"))) {
      samples.add(
          map(entry).get("body") instanceof String body && room == Room.TASKEVENTS
              ? body
              : JSON.std.asString(entry));
    }
    return samples.isEmpty() ? List.of(JSON.std.asString(event)) : samples;
  }

  @Test
  void whatTheSamplesNameIsWhatIsDeployed() {
    Template prod = Templates.control("prod");
    Map<?, ?> launch = map(list(Templates.event(Room.LAUNCHER).get("Records")).getFirst());
    assertThat(name(launch.get("eventSourceARN"), ":"))
        .isEqualTo(
            text(prod.one("AWS::SQS::Queue", "QueueName", "outpost-launch-prod").get("QueueName")));
    Map<?, ?> news = map(list(Templates.event(Room.TASKEVENTS).get("Records")).getFirst());
    assertThat(prod.one("AWS::SQS::Queue", "QueueName", name(news.get("eventSourceARN"), ":")))
        .isNotEmpty();
    Map<?, ?> telling = map(list(Templates.event(Room.WEBHOOKS).get("Records")).getFirst());
    assertThat(name(telling.get("eventSourceARN"), ":"))
        .isEqualTo(
            text(
                prod.one("AWS::SQS::Queue", "QueueName", "outpost-webhooks-prod")
                    .get("QueueName")));
    String rule = name(list(Templates.event(Room.RECONCILER).get("resources")).getFirst(), "/");
    assertThat(prod.one("AWS::Events::Rule", "Name", rule).get("ScheduleExpression"))
        .isEqualTo("rate(1 minute)");
    Set<String> routes = new HashSet<>();
    for (RouteKey key : RouteKey.values()) {
      routes.add(key.key());
    }
    for (Room room : List.of(Room.API, Room.AUTHORIZER)) {
      assertThat(routes).contains(String.valueOf(Templates.event(room).get("routeKey")));
    }
    Map<?, ?> http = map(map(Templates.event(Room.RUNNER).get("requestContext")).get("http"));
    assertThat(RunnerFunction.ROUTES).contains(http.get("method") + " " + http.get("path"));
  }

  private static String name(Object arn, String before) {
    String text = String.valueOf(arn);
    return text.substring(text.lastIndexOf(before) + 1);
  }

  private static Map<?, ?> properties(Room room) {
    return map(Templates.control("full").resource(room.word()).get("Properties"));
  }
}
