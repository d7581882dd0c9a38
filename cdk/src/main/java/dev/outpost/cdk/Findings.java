package dev.outpost.cdk;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import io.github.cdklabs.cdknag.RegexAppliesTo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.constructs.IConstruct;

/**
 * What cdk-nag's rules find and we do on purpose, each with its reason. A finding that is not
 * explained here fails the build and the deployment.
 */
final class Findings {
  /** The wildcards that a role may have, as the rule writes them, and why. */
  private static final Map<String, String> WILDCARDS = wildcards();

  private Findings() {}

  private static Map<String, String> wildcards() {
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put(
        "^Resource::\\*$",
        "These actions know no resource: those of X-Ray, ecs:DescribeTaskDefinition,"
            + " dynamodb:ListStreams, ecr:GetAuthorizationToken; ecs:ListTasks is bound to the"
            + " cluster by its condition.");
    reasons.put(
        "^Resource::.*:log-group:/outpost/[a-z0-9]+/(functions/[a-z]+|agents):log-stream:\\*$",
        "The streams of its own log group; Lambda and ECS name them.");
    reasons.put(
        "^Resource::.*:log-group:/outpost/[a-z0-9]+/agents:\\*$",
        "The log group of agents, with the end that CloudWatch wants of it.");
    reasons.put(
        "^Resource::.*:table/outpost-dispatches-[a-z0-9]+/stream/\\*$",
        "A stream is named by the moment of its creation.");
    reasons.put(
        "^Resource::.*:secret:outpost/[a-z0-9]+/tenants/\\*$",
        "The secrets of this stage's tenants, one for each, made when one brings the first.");
    reasons.put(
        "^Resource::.*:secret:outpost/[a-z0-9]+/agents/\\*$",
        "The secrets of this stage's agents, one for each; a claim brings those of its agent.");
    reasons.put(
        "^Resource::.*:s3:::outpost-artifacts-.*/\\*$",
        "The artifacts of all dispatches: a URL is signed for one object.");
    reasons.put("^Resource::.*:task/outpost-[a-z0-9]+/\\*$", "The tasks of our own cluster.");
    reasons.put(
        "^Resource::.*:task-definition/outpost-[a-z0-9-]+:\\*$",
        "All revisions of an agent: a dispatch is launched again with the one of its record.");
    return reasons;
  }

  /** Explains the wildcards of that kind in a role; others remain found. */
  static void wildcardsOf(IConstruct role) {
    WILDCARDS.forEach(
        (pattern, reason) ->
            NagSuppressions.addResourceSuppressions(
                role,
                List.of(
                    NagPackSuppression.builder()
                        .id("AwsSolutions-IAM5")
                        .reason(reason)
                        .appliesTo(
                            List.of(RegexAppliesTo.builder().regex("/" + pattern + "/").build()))
                        .build()),
                true));
  }

  /** A route that anybody may call. */
  static void openRoute(IConstruct route, String reason) {
    explain(route, "AwsSolutions-APIG4", reason);
  }

  /** A secret that does not change by itself. */
  static void constantSecret(IConstruct secret, String reason) {
    explain(secret, "AwsSolutions-SMG4", reason);
  }

  /** A queue that is read by people. */
  static void deadLetters(IConstruct queue) {
    explain(queue, "AwsSolutions-SQS3", "It holds what was given up, and people read it.");
  }

  /** A cluster without metrics of each task. */
  static void quietCluster(IConstruct cluster) {
    explain(
        cluster,
        "AwsSolutions-ECS4",
        "Container Insights costs more than all the rest of this stage; containerInsights in"
            + " cdk.json turns it on.");
  }

  /** A task definition with a variable. */
  static void namedUser(IConstruct taskDefinition) {
    explain(
        taskDefinition,
        "AwsSolutions-ECS2",
        "The one variable is the number of the agent's user, which is no secret.");
  }

  private static void explain(IConstruct construct, String rule, String reason) {
    NagSuppressions.addResourceSuppressions(
        construct, List.of(NagPackSuppression.builder().id(rule).reason(reason).build()), true);
  }
}
