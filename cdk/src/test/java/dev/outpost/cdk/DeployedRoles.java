package dev.outpost.cdk;

import static dev.outpost.cdk.Template.list;
import static dev.outpost.cdk.Template.map;
import static dev.outpost.cdk.Template.text;

import dev.outpost.items.Tables;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The roles of a stage, as its template has them, and what AWS itself does with each: Lambda reads
 * a function's queue with the function's role, ECS fetches an image with the execution role.
 */
final class DeployedRoles {
  private static final Pattern REFERENCE = Pattern.compile("<([A-Za-z0-9]+)(\\.Arn)?>");

  /** An alias's logical id begins with its room's word. */
  private static final Pattern ALIAS = Pattern.compile("<([a-z]+)live[0-9A-F]+>");

  private static final String STREAM = "/stream/2026-11-22T10:00:00.000";

  private final String stage;
  private final Template template;

  DeployedRoles(String stage) {
    this.stage = stage;
    this.template = Templates.control(stage);
  }

  /** The logical ids of all roles. */
  Set<String> ids() {
    return new TreeSet<>(template.ofType("AWS::IAM::Role").keySet());
  }

  /** The logical id of a function's role. */
  String idOf(Room room) {
    return referred(properties(room.word()).get("Role"));
  }

  /** What a role may do, by its own policies and those that are attached to it. */
  Policy policy(String roleId) {
    Map<?, ?> role = properties(roleId);
    if (role.containsKey("ManagedPolicyArns")) {
      throw new IllegalArgumentException("unknown to this proof: managed policies of " + roleId);
    }
    List<Object> documents = new ArrayList<>();
    list(role.get("Policies")).forEach(policy -> documents.add(map(policy).get("PolicyDocument")));
    template
        .ofType("AWS::IAM::Policy")
        .values()
        .forEach(
            policy -> {
              if (text(policy.get("Roles")).contains("<" + roleId + ">")) {
                documents.add(policy.get("PolicyDocument"));
              }
            });
    return Policy.of(documents, this::concrete);
  }

  /** A function's variables, with the URLs that only AWS knows as it would make them. */
  Map<String, String> variables(Room room) {
    Map<String, String> variables = new TreeMap<>();
    map(map(properties(room.word()).get("Environment")).get("Variables"))
        .forEach((name, value) -> variables.put(String.valueOf(name), url(text(value))));
    return variables;
  }

  private String url(String value) {
    Matcher reference = REFERENCE.matcher(value);
    if (reference.matches() && type(reference.group(1)).equals("AWS::SQS::Queue")) {
      return "https://sqs."
          + Asking.REGION
          + ".amazonaws.com/"
          + Asking.ACCOUNT
          + "/"
          + text(properties(reference.group(1)).get("QueueName"));
    }
    return value.endsWith(".FunctionUrl>")
        ? "https://0a1b2c3d4e5f6g7h8i9jklmnop.lambda-url." + Asking.REGION + ".on.aws/"
        : value;
  }

  /** The roles that ECS is handed with a RunTask: those of the task definition (API Reference). */
  List<Asking> handed(Asking run) {
    String family = run.resource().replaceAll("^.*task-definition/|:[0-9]+$", "");
    Map<?, ?> definition = template.one("AWS::ECS::TaskDefinition", "Family", family);
    return Stream.of("TaskRoleArn", "ExecutionRoleArn")
        .map(
            role ->
                new Asking(
                    "iam:PassRole",
                    concrete(text(definition.get(role))),
                    Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com")))
        .toList();
  }

  /** What AWS does with a role, from what the template says of who uses it. */
  Set<Asking> byAws(String roleId) {
    Set<Asking> asked = new LinkedHashSet<>();
    for (Room room : Room.values()) {
      if (idOf(room).equals(roleId)) {
        asked.addAll(byLambda(room));
      }
    }
    template
        .ofType("AWS::ECS::TaskDefinition")
        .values()
        .forEach(
            definition -> {
              if (referred(definition.get("ExecutionRoleArn")).equals(roleId)) {
                list(definition.get("ContainerDefinitions"))
                    .forEach(container -> asked.addAll(byEcs(map(container))));
              }
            });
    template
        .ofType("AWS::EC2::FlowLog")
        .values()
        .forEach(
            flows -> {
              if (referred(flows.get("DeliverLogsPermissionArn")).equals(roleId)) {
                // Amazon VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs".
                String stream = stream(flows.get("LogGroupName"));
                asked.add(new Asking("logs:CreateLogStream", stream));
                asked.add(new Asking("logs:PutLogEvents", stream));
                asked.add(new Asking("logs:DescribeLogStreams", stream));
              }
            });
    return asked;
  }

  private List<Asking> byLambda(Room room) {
    List<Asking> asked = new ArrayList<>();
    Map<?, ?> function = properties(room.word());
    // Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs"; its group exists.
    String stream = stream(map(function.get("LoggingConfig")).get("LogGroup"));
    asked.add(new Asking("logs:CreateLogStream", stream));
    asked.add(new Asking("logs:PutLogEvents", stream));
    if ("Active".equals(map(function.get("TracingConfig")).get("Mode"))) {
      // The same, "Visualize Lambda function invocations using AWS X-Ray".
      asked.add(new Asking("xray:PutTraceSegments", Asking.NONE));
      asked.add(new Asking("xray:PutTelemetryRecords", Asking.NONE));
    }
    template
        .ofType("AWS::Lambda::EventSourceMapping")
        .values()
        .forEach(
            source -> {
              Matcher alias = ALIAS.matcher(text(source.get("FunctionName")));
              if (alias.find() && alias.group(1).equals(room.word())) {
                asked.addAll(bySource(text(source.get("EventSourceArn"))));
                asked.addAll(byDestination(source));
              }
            });
    template
        .ofType("AWS::Lambda::EventInvokeConfig")
        .values()
        .forEach(
            config -> {
              if (text(config.get("FunctionName")).equals("<" + room.word() + ">")) {
                asked.addAll(byDestination(config));
              }
            });
    return asked;
  }

  private List<Asking> bySource(String source) {
    if (source.startsWith("<import ") && source.contains("dispatchesStreamArn")) {
      // Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB": execution role.
      String stream =
          Asking.arn("dynamodb", "table/" + Tables.name(Tables.DISPATCHES, stage)) + STREAM;
      return List.of(
          new Asking("dynamodb:DescribeStream", stream),
          new Asking("dynamodb:GetRecords", stream),
          new Asking("dynamodb:GetShardIterator", stream),
          new Asking("dynamodb:ListStreams", Asking.NONE));
    }
    // The same, "Creating and configuring an Amazon SQS event source mapping": execution role.
    String queue = concrete(source);
    return List.of(
        new Asking("sqs:ReceiveMessage", queue),
        new Asking("sqs:DeleteMessage", queue),
        new Asking("sqs:GetQueueAttributes", queue));
  }

  /** The same, "Capturing records of Lambda asynchronous invocations". */
  private List<Asking> byDestination(Map<?, ?> config) {
    Object failure = map(map(config.get("DestinationConfig")).get("OnFailure")).get("Destination");
    return failure == null
        ? List.of()
        : List.of(new Asking("sqs:SendMessage", concrete(text(failure))));
  }

  /** Amazon ECS Developer Guide, "Amazon ECS task execution IAM role". */
  private List<Asking> byEcs(Map<?, ?> container) {
    String image = text(container.get("Image"));
    String repository =
        Asking.arn(
            "ecr", "repository/" + image.substring(image.indexOf('/') + 1, image.lastIndexOf(':')));
    String stream =
        stream(map(map(container.get("LogConfiguration")).get("Options")).get("awslogs-group"));
    return List.of(
        new Asking("ecr:GetAuthorizationToken", Asking.NONE),
        new Asking("ecr:BatchCheckLayerAvailability", repository),
        new Asking("ecr:GetDownloadUrlForLayer", repository),
        new Asking("ecr:BatchGetImage", repository),
        new Asking("logs:CreateLogStream", stream),
        new Asking("logs:PutLogEvents", stream));
  }

  private String stream(Object group) {
    String name = text(properties(referred(group)).get("LogGroupName"));
    return Asking.arn("logs", "log-group:" + name + ":log-stream:one");
  }

  /** A text with the ARNs of what it refers to. */
  private String concrete(String text) {
    Matcher reference = REFERENCE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (reference.find()) {
      reference.appendReplacement(result, Matcher.quoteReplacement(arn(reference.group(1))));
    }
    return reference.appendTail(result).toString();
  }

  private String arn(String logicalId) {
    Map<?, ?> properties = properties(logicalId);
    return switch (type(logicalId)) {
      case "AWS::SQS::Queue" -> Asking.arn("sqs", text(properties.get("QueueName")));
      case "AWS::IAM::Role" ->
          "arn:aws:iam::" + Asking.ACCOUNT + ":role/" + text(properties.get("RoleName"));
      case "AWS::Logs::LogGroup" ->
          Asking.arn("logs", "log-group:" + text(properties.get("LogGroupName")) + ":*");
      default -> throw new IllegalArgumentException("unknown to this proof: " + logicalId);
    };
  }

  private String type(String logicalId) {
    return String.valueOf(template.resource(logicalId).get("Type"));
  }

  private Map<?, ?> properties(String logicalId) {
    return map(template.resource(logicalId).get("Properties"));
  }

  private static String referred(Object reference) {
    Matcher matcher = REFERENCE.matcher(text(reference));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("unknown to this proof: " + reference);
    }
    return matcher.group(1);
  }
}
