package dev.outpost.cdk;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.dynamodb.DynamoTables;
import dev.outpost.items.Tables;
import dev.outpost.workspace.KeptWorkspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.dynamodb.CfnTable;
import software.amazon.awscdk.services.ecr.LifecycleRule;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecr.TagMutability;
import software.amazon.awscdk.services.iam.AnyPrincipal;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.amazon.awscdk.services.s3.StorageClass;
import software.amazon.awscdk.services.s3.Transition;
import software.amazon.awscdk.services.secretsmanager.CfnSecret;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.constructs.Construct;

/** The stack of what must not be lost: tables, artifacts, secrets, images. */
final class Store extends Stack {
  /** An artifact is rarely read after that, and then lies cheaper. */
  private static final int COOL_AFTER_DAYS = 30;

  /** As long as the record of its dispatch. */
  private static final int GONE_AFTER_DAYS = Math.toIntExact(KeptWorkspace.KEPT.toDays());

  private static final int IMAGES_KEPT = 10;

  private final Settings settings;
  private final Names names;
  private final RemovalPolicy removal;
  private final Optional<Key> key;
  private String dispatchStream = "";

  Store(Construct scope, Settings settings, Catalogue catalogue) {
    super(
        scope,
        settings.name("store"),
        StackProps.builder()
            .description("Outpost " + settings.stage() + ": tables, artifacts, secrets, images")
            .terminationProtection(settings.keep())
            .build());
    this.settings = settings;
    this.names = new Names(this, settings);
    this.removal = settings.keep() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.key = settings.customerKey() ? Optional.of(key()) : Optional.empty();
    DynamoTables.definitions(settings.stage()).forEach(this::table);
    artifacts();
    installationKey(
        "run-token-key",
        names.runTokenKey(),
        "The key of claim and report tokens",
        "The tokens of running tasks are made with it: it is changed by hand while none runs, see"
            + " docs/deploy.md.");
    installationKey(
        "webhook-key",
        names.webhookKey(),
        "The key that webhooks' signing secrets are derived from",
        "Every tenant's signing secrets follow from it, and their endpoints know them: it is"
            + " changed by hand when it has leaked, see docs/deploy.md.");
    settings.gitHost().ifPresent(this::gitToken);
    for (Agent agent : catalogue.agents()) {
      images(agent);
      if (settings.agents().contains(agent.id()) && !agent.secretNames().isEmpty()) {
        credentials(agent);
      }
    }
  }

  /** The ARN of the dispatches table's stream, the one thing here that has no name of its own. */
  String dispatchStream() {
    return dispatchStream;
  }

  /**
   * Used by whoever in the account may use the services that hold what it encrypts, and through
   * them alone: the rule of AWS's own keys of these services. So no role names it.
   */
  private Key key() {
    Key made =
        Key.Builder.create(this, "key")
            .alias(names.storeKey())
            .description("Tables, artifacts and secrets of Outpost " + settings.stage())
            .enableKeyRotation(true)
            .removalPolicy(removal)
            .build();
    made.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .sid("ThroughTheServices")
            .principals(List.of(new AnyPrincipal()))
            .actions(
                List.of(
                    "kms:Encrypt",
                    "kms:Decrypt",
                    "kms:ReEncrypt*",
                    "kms:GenerateDataKey*",
                    "kms:CreateGrant",
                    "kms:DescribeKey"))
            .resources(List.of("*"))
            .conditions(
                Map.of(
                    "StringEquals",
                    Map.of(
                        "kms:CallerAccount",
                        getAccount(),
                        "kms:ViaService",
                        List.of(
                            "dynamodb." + getRegion() + ".amazonaws.com",
                            "s3." + getRegion() + ".amazonaws.com",
                            "secretsmanager." + getRegion() + ".amazonaws.com"))))
            .build());
    return made;
  }

  private void table(CreateTableRequest definition) {
    String base =
        definition
            .tableName()
            .substring(0, definition.tableName().length() - settings.stage().length() - 1);
    CfnTable.Builder table =
        CfnTable.Builder.create(this, base.substring("outpost-".length()))
            .tableName(definition.tableName())
            .billingMode(definition.billingModeAsString())
            .keySchema(schema(definition.keySchema()))
            .attributeDefinitions(
                definition.attributeDefinitions().stream()
                    .map(
                        attribute ->
                            CfnTable.AttributeDefinitionProperty.builder()
                                .attributeName(attribute.attributeName())
                                .attributeType(attribute.attributeTypeAsString())
                                .build())
                    .toList())
            .deletionProtectionEnabled(settings.keep())
            .pointInTimeRecoverySpecification(
                CfnTable.PointInTimeRecoverySpecificationProperty.builder()
                    .pointInTimeRecoveryEnabled(true)
                    .build());
    if (definition.hasGlobalSecondaryIndexes()) {
      table.globalSecondaryIndexes(
          definition.globalSecondaryIndexes().stream().map(Store::index).toList());
    }
    if (Tables.EXPIRING.contains(base)) {
      table.timeToLiveSpecification(
          CfnTable.TimeToLiveSpecificationProperty.builder()
              .attributeName(Tables.EXPIRES)
              .enabled(true)
              .build());
    }
    if (definition.streamSpecification() != null) {
      table.streamSpecification(
          CfnTable.StreamSpecificationProperty.builder()
              .streamViewType(definition.streamSpecification().streamViewTypeAsString())
              .build());
    }
    key.ifPresent(
        own ->
            table.sseSpecification(
                CfnTable.SSESpecificationProperty.builder()
                    .sseEnabled(true)
                    .sseType("KMS")
                    .kmsMasterKeyId(own.getKeyArn())
                    .build()));
    CfnTable made = table.build();
    made.applyRemovalPolicy(removal);
    if (base.equals(Tables.DISPATCHES)) {
      dispatchStream = made.getAttrStreamArn();
    }
  }

  private static CfnTable.GlobalSecondaryIndexProperty index(GlobalSecondaryIndex index) {
    CfnTable.ProjectionProperty.Builder projection =
        CfnTable.ProjectionProperty.builder()
            .projectionType(index.projection().projectionTypeAsString());
    if (index.projection().hasNonKeyAttributes()) {
      projection.nonKeyAttributes(index.projection().nonKeyAttributes());
    }
    return CfnTable.GlobalSecondaryIndexProperty.builder()
        .indexName(index.indexName())
        .keySchema(schema(index.keySchema()))
        .projection(projection.build())
        .build();
  }

  private static List<CfnTable.KeySchemaProperty> schema(List<KeySchemaElement> elements) {
    List<CfnTable.KeySchemaProperty> schema = new ArrayList<>();
    for (KeySchemaElement element : elements) {
      schema.add(
          CfnTable.KeySchemaProperty.builder()
              .attributeName(element.attributeName())
              .keyType(element.keyTypeAsString())
              .build());
    }
    return schema;
  }

  private void artifacts() {
    Bucket accessLogs =
        bucket("artifacts-access")
            .encryption(BucketEncryption.S3_MANAGED)
            .lifecycleRules(List.of(gone(GONE_AFTER_DAYS)))
            .build();
    Bucket.Builder artifacts =
        bucket("artifacts")
            .bucketName(names.bucket())
            .serverAccessLogsBucket(accessLogs)
            .lifecycleRules(
                List.of(
                    software.amazon.awscdk.services.s3.LifecycleRule.builder()
                        .id("cool-then-gone")
                        .transitions(
                            List.of(
                                Transition.builder()
                                    .storageClass(StorageClass.INFREQUENT_ACCESS)
                                    .transitionAfter(Duration.days(COOL_AFTER_DAYS))
                                    .build()))
                        .expiration(Duration.days(GONE_AFTER_DAYS))
                        .abortIncompleteMultipartUploadAfter(Duration.days(1))
                        .build()));
    if (key.isPresent()) {
      artifacts.encryption(BucketEncryption.KMS).encryptionKey(key.get()).bucketKeyEnabled(true);
    } else {
      artifacts.encryption(BucketEncryption.S3_MANAGED);
    }
    artifacts.build();
  }

  private Bucket.Builder bucket(String id) {
    return Bucket.Builder.create(this, id)
        .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
        .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
        .enforceSsl(true)
        .minimumTlsVersion(1.2)
        .removalPolicy(removal);
  }

  private static software.amazon.awscdk.services.s3.LifecycleRule gone(int days) {
    return software.amazon.awscdk.services.s3.LifecycleRule.builder()
        .id("gone")
        .expiration(Duration.days(days))
        .build();
  }

  /** 32 bytes in hexadecimal, made by Secrets Manager and seen by nobody. */
  private void installationKey(String id, String name, String description, String whyConstant) {
    CfnSecret made =
        secret(id, name, description)
            .generateSecretString(
                CfnSecret.GenerateSecretStringProperty.builder()
                    .passwordLength(64)
                    .excludeUppercase(true)
                    .excludePunctuation(true)
                    .excludeCharacters("ghijklmnopqrstuvwxyz")
                    .build())
            .build();
    made.applyRemovalPolicy(removal);
    Findings.constantSecret(made, whyConstant);
  }

  /** Created without a value; until it is filled its agent says which variable it misses. */
  private void credentials(Agent agent) {
    String name = names.agentSecret(agent.id());
    CfnSecret made =
        secret(agent.id() + "-credentials", name, "Credentials of the agent " + agent.id()).build();
    made.applyRemovalPolicy(removal);
    Findings.constantSecret(
        made, "A key of the model's vendor, who alone can make another; fill in the new one.");
    String json =
        "{"
            + String.join(
                ",",
                agent.secretNames().stream().map(variable -> "\"" + variable + "\":\"…\"").toList())
            + "}";
    CfnOutput.Builder.create(this, "fill-" + agent.id())
        .description("Write " + json + " to a file of yours, then")
        .value(
            "aws secretsmanager put-secret-value --secret-id "
                + name
                + " --secret-string file://"
                + agent.id()
                + ".json")
        .build();
  }

  private void gitToken(String host) {
    CfnSecret made =
        secret("git-token", names.gitToken(), "The token for repositories at " + host).build();
    made.applyRemovalPolicy(removal);
    Findings.constantSecret(
        made, "A token of the git host, which alone can make another; fill in the new one.");
    CfnOutput.Builder.create(this, "fill-git")
        .description("Write the token to a file of yours, then")
        .value(
            "aws secretsmanager put-secret-value --secret-id "
                + names.gitToken()
                + " --secret-string file://token.txt")
        .build();
  }

  private CfnSecret.Builder secret(String id, String name, String description) {
    CfnSecret.Builder secret =
        CfnSecret.Builder.create(this, id).name(name).description(description);
    key.ifPresent(own -> secret.kmsKeyId(own.getKeyArn()));
    return secret;
  }

  private void images(Agent agent) {
    Repository.Builder.create(this, agent.id() + "-images")
        .repositoryName(names.imageRepository(agent.id()))
        .imageScanOnPush(true)
        .imageTagMutability(TagMutability.IMMUTABLE)
        .lifecycleRules(
            List.of(
                LifecycleRule.builder()
                    .description("The newest " + IMAGES_KEPT)
                    .maxImageCount(IMAGES_KEPT)
                    .build()))
        .removalPolicy(removal)
        .emptyOnDelete(!settings.keep())
        .build();
  }
}
