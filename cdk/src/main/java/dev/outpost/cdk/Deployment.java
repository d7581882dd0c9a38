package dev.outpost.cdk;

import dev.outpost.agent.Catalogue;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import io.github.cdklabs.cdknag.NagReportFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.TagProps;
import software.amazon.awscdk.Tags;

/** A stage's two stacks, and the rules that they are checked by. */
record Deployment(Store store, Control control) {
  /** How the CDK is to work, whoever runs the app. */
  static final Map<String, Object> CONTEXT =
      Map.of(
          // Templates say where constructs and packages are; `sam local invoke` goes by it.
          "aws:cdk:enable-path-metadata",
          true,
          "aws:cdk:enable-asset-metadata",
          true,
          // Every resource is checked against CloudFormation's own schemas, which the CDK carries.
          "@aws-cdk/core:validateAgainstDefaultRules",
          true,
          // By a policy: access control lists are switched off.
          "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy",
          true);

  /**
   * Adds a stage to the app.
   *
   * @param packages the folder of the functions, each with its package in {@code target/function}
   */
  static Deployment add(App app, Settings settings, Catalogue catalogue, Path packages) {
    Store store = new Store(app, settings, catalogue);
    Control control = new Control(app, settings, catalogue, store, packages);
    for (Stack stack : List.of(store, control)) {
      Tags.of(stack)
          .add(
              "outpost:stage",
              settings.stage(),
              // Tags of dashboards are younger than what some checkers of templates know.
              TagProps.builder()
                  .excludeResourceTypes(List.of("AWS::CloudWatch::Dashboard"))
                  .build());
      Aspects.of(stack)
          .add(
              AwsSolutionsChecks.Builder.create()
                  .reports(true)
                  .reportFormats(List.of(NagReportFormat.JSON))
                  .build());
    }
    return new Deployment(store, control);
  }
}
