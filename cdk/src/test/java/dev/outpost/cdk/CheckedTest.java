package dev.outpost.cdk;

import static dev.outpost.cdk.Template.list;
import static dev.outpost.cdk.Template.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Stack;

/** The templates under the rules of others: cdk-nag's, CloudFormation's schemas, cfn-lint's. */
class CheckedTest {
  /** CloudFormation User Guide, "Understand CloudFormation quotas": resources in a template. */
  private static final int MOST_RESOURCES = 500;

  /** The same: a template in S3, in bytes. */
  private static final int LARGEST_TEMPLATE = 1_000_000;

  /** IAM User Guide, "IAM and STS quotas": all inline policies of a role, without white space. */
  private static final int LARGEST_POLICIES = 10_240;

  @Test
  void cdkNagFindsNothingThatIsNotExplained() throws IOException {
    Templates.control("dev");
    assertThat(NagReport.unexplained(Templates.out())).isEmpty();
    assertThat(NagReport.lines(Templates.out()).size()).isGreaterThan(100);
  }

  @Test
  void everyExplanationSaysWhy() throws IOException {
    Templates.control("dev");
    List<Map<?, ?>> suppressed = new ArrayList<>();
    for (Map<?, ?> line : NagReport.lines(Templates.out())) {
      if ("Suppressed".equals(line.get("compliance"))) {
        suppressed.add(line);
      }
    }
    assertThat(suppressed)
        .isNotEmpty()
        .allSatisfy(
            line -> assertThat(String.valueOf(line.get("exceptionReason"))).hasSizeGreaterThan(25));
  }

  @Test
  void theGateRefusesWhatIsFoundAndWhatCouldNotBeChecked(@TempDir Path out) throws IOException {
    assertThatThrownBy(() -> NagReport.unexplained(out)).hasMessageContaining("no report");
    Files.writeString(
        out.resolve("AwsSolutions-x-NagReport.json"),
        """
        {"lines": [
          {"ruleId": "A", "resourceId": "x/a", "compliance": "Compliant", "ruleInfo": "fine"},
          {"ruleId": "B", "resourceId": "x/b", "compliance": "Non-Compliant", "ruleInfo": "bad"},
          {"ruleId": "C", "resourceId": "x/c", "compliance": "UNKNOWN", "ruleInfo": "odd"}]}
        """);
    assertThat(NagReport.unexplained(out)).hasSize(2);
    assertThat(NagReport.unexplained(out).getFirst()).contains("B", "x/b", "bad");
  }

  /** The stages' own synthesis runs under the same setting, and would have failed likewise. */
  @Test
  void whatCloudFormationsSchemaDoesNotKnowIsRefused(@TempDir Path out) {
    App app = App.Builder.create().context(Deployment.CONTEXT).outdir(out.toString()).build();
    Stack stack = new Stack(app, "wrong");
    CfnResource.Builder.create(stack, "queue")
        .type("AWS::SQS::Queue")
        .properties(Map.of("VisibilityTimeOut", 30))
        .build();
    assertThatThrownBy(app::synth).hasMessageContaining("Validation failed");
    assertThat(out.resolve("validation-report.json")).content().contains("VisibilityTimeOut");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void everyReferenceHasItsTargetAndNothingIsLargerThanAllowed(String stage) throws IOException {
    for (Template template : List.of(Templates.store(stage), Templates.control(stage))) {
      assertThat(template.resources().size()).isLessThan(MOST_RESOURCES);
      assertThat(JSON.std.asString(template.json()).length()).isLessThan(LARGEST_TEMPLATE);
      List<String> targets = new ArrayList<>();
      collect(template.json(), targets);
      assertThat(targets)
          .allSatisfy(
              target ->
                  assertThat(
                          target.startsWith("AWS::")
                              || template.resources().containsKey(target)
                              || map(template.json().get("Parameters")).containsKey(target))
                      .as(target)
                      .isTrue());
      for (Map<?, ?> role : template.ofType("AWS::IAM::Role").values()) {
        assertThat(Template.text(role.get("Policies")).replace(" ", "").length())
            .isLessThan(LARGEST_POLICIES);
      }
    }
  }

  private static void collect(Object value, List<String> targets) {
    if (value instanceof List<?> list) {
      list.forEach(inner -> collect(inner, targets));
    } else if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, inner) -> {
            switch (String.valueOf(key)) {
              case "Ref" -> targets.add(String.valueOf(inner));
              case "Fn::GetAtt" -> targets.add(String.valueOf(list(inner).getFirst()));
              case "DependsOn" -> {
                if (inner instanceof List<?> several) {
                  several.forEach(one -> targets.add(String.valueOf(one)));
                } else {
                  targets.add(String.valueOf(inner));
                }
              }
              default -> collect(inner, targets);
            }
          });
    }
  }

  /** Where cfn-lint is installed; elsewhere the schemas above are what there is. */
  @Test
  void cfnLintAcceptsWhatIsThere() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    // The CDK names dependencies that a reference says already.
    command.addAll(List.of("cfn-lint", "--ignore-checks", "W3005", "--"));
    for (String stage : List.of("dev", "full")) {
      command.add(Templates.out().resolve("outpost-" + stage + ".template.json").toString());
      command.add(Templates.out().resolve("outpost-store-" + stage + ".template.json").toString());
    }
    Path said = Templates.out().resolve("cfn-lint.txt");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
    } catch (IOException notInstalled) {
      assertThat(notInstalled).hasMessageContaining("cfn-lint");
      return;
    }
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
  }
}
