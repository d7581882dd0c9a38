package dev.outpost.cdk;

import dev.outpost.workspace.KeptWorkspace;
import software.amazon.awscdk.Stack;

/**
 * Names and ARNs that both stacks know without asking each other: what is named needs no export,
 * and an export would keep either stack from being changed.
 */
record Names(Stack stack, Settings settings) {
  /** An ARN in the account and region of the stack. */
  String arn(String service, String resource) {
    return "arn:"
        + stack.getPartition()
        + ":"
        + service
        + ":"
        + stack.getRegion()
        + ":"
        + stack.getAccount()
        + ":"
        + resource;
  }

  /** A table's ARN. */
  String table(String base) {
    return arn("dynamodb", "table/" + dev.outpost.items.Tables.name(base, settings.stage()));
  }

  /** The ARN of a table's index. */
  String index(String base, String index) {
    return table(base) + "/index/" + index;
  }

  /** The name of the bucket of artifacts; unique in the world, as bucket names must be. */
  String bucket() {
    return settings.name("artifacts") + "-" + stack.getAccount() + "-" + stack.getRegion();
  }

  /** The ARN of all artifacts. */
  String artifacts() {
    return "arn:" + stack.getPartition() + ":s3:::" + bucket() + "/*";
  }

  /** The ARN of all archives of persistent workspaces. */
  String workspaces() {
    return "arn:" + stack.getPartition() + ":s3:::" + bucket() + "/" + KeptWorkspace.PREFIX + "*";
  }

  /** The alias of the key under which everything is kept, when the account brings its own. */
  String storeKey() {
    return "alias/" + settings.name("store");
  }

  /** The name of an agent's secret; {@code dev.outpost.secrets.Secrets} reads it. */
  String agentSecret(String agent) {
    return "outpost/" + settings.stage() + "/agents/" + agent;
  }

  /** The ARN of all tenants' secrets; {@code SecretsManagerTenantSecrets} makes and reads them. */
  String tenantSecrets() {
    return arn("secretsmanager", "secret:outpost/" + settings.stage() + "/tenants/*");
  }

  /** The name of the secret that claim tokens are made with. */
  String runTokenKey() {
    return "outpost/" + settings.stage() + "/run-token-key";
  }

  /** The name of the secret that webhooks' signing secrets are derived from. */
  String webhookKey() {
    return "outpost/" + settings.stage() + "/webhook-key";
  }

  /** The name of the secret with the token for repositories; it may be missing. */
  String gitToken() {
    return "outpost/" + settings.stage() + "/git";
  }

  /** A secret's ARN: Secrets Manager ends it with six characters of its own. */
  String secret(String name) {
    return arn("secretsmanager", "secret:" + name + "-??????");
  }

  /** The group that agents' containers log to; the API's {@code CloudWatchLogs} reads it. */
  String agentLogs() {
    return "/outpost/" + settings.stage() + "/agents";
  }

  /** The cluster's name. */
  String cluster() {
    return "outpost-" + settings.stage();
  }

  /** The cluster's ARN. */
  String clusterArn() {
    return arn("ecs", "cluster/" + cluster());
  }

  /** The lifecycle bus' name. */
  String bus() {
    return "outpost-" + settings.stage();
  }

  /** An agent's image repository. */
  String imageRepository(String agent) {
    return "outpost/" + settings.stage() + "/" + agent;
  }
}
