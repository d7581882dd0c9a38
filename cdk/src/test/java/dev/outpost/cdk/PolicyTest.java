package dev.outpost.cdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** IAM's rules, as the proof of least privilege has them. */
class PolicyTest {
  private static final String TABLE = "arn:aws:dynamodb:eu-central-1:111122223333:table/one";
  private static final Asking GET = new Asking("dynamodb:GetItem", TABLE);

  private static Policy policy(String statements) {
    try {
      return Policy.of(
          List.of(JSON.std.mapFrom("{\"Statement\":[" + statements + "]}")),
          UnaryOperator.identity());
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String allow(String action, String resource) {
    return "{\"Effect\":\"Allow\",\"Action\":\"" + action + "\",\"Resource\":\"" + resource + "\"}";
  }

  @Test
  void whatNothingAllowsIsDenied() {
    assertThat(policy("").allows(GET)).isFalse();
    assertThat(policy(allow("dynamodb:PutItem", TABLE)).allows(GET)).isFalse();
    assertThat(policy(allow("dynamodb:GetItem", TABLE + "s")).allows(GET)).isFalse();
    assertThat(policy(allow("dynamodb:GetItem", TABLE)).allows(GET)).isTrue();
  }

  @Test
  void anIndexIsNotItsTable() {
    Policy table = policy(allow("dynamodb:Query", TABLE));
    assertThat(table.allows(new Asking("dynamodb:Query", TABLE + "/index/by_due"))).isFalse();
  }

  @Test
  void wildcardsFitAsFarAsTheyGo() {
    assertThat(policy(allow("dynamodb:*Item", "*")).allows(GET)).isTrue();
    assertThat(policy(allow("dynamodb:Get", "*")).allows(GET)).isFalse();
    assertThat(policy(allow("DYNAMODB:getitem", "*")).allows(GET)).isTrue();
    assertThat(policy(allow("dynamodb:GetItem", TABLE.replace("one", "o?e"))).allows(GET)).isTrue();
    assertThat(policy(allow("dynamodb:GetItem", TABLE.replace("one", "??"))).allows(GET)).isFalse();
    // A dot is a dot, and a resource has case.
    assertThat(policy(allow("dynamodb:GetItem", TABLE.replace("one", "o.e"))).allows(GET))
        .isFalse();
    assertThat(policy(allow("dynamodb:GetItem", TABLE.replace("one", "One"))).allows(GET))
        .isFalse();
  }

  @Test
  void aDenialBeatsWhatIsAllowed() {
    String denied = allow("dynamodb:GetItem", "*").replace("Allow", "Deny");
    assertThat(policy(allow("dynamodb:GetItem", TABLE) + "," + denied).allows(GET)).isFalse();
  }

  @Test
  void aConditionHoldsOnlyForACallThatHasItsKeyWithThatValue() {
    Policy inCluster =
        policy(
            allow("ecs:RunTask", "*")
                .replace(
                    "}", ",\"Condition\":{\"ArnEquals\":{\"ecs:cluster\":\"arn:cluster/ours\"}}}"));
    assertThat(inCluster.allows(run(Map.of("ecs:cluster", "arn:cluster/ours")))).isTrue();
    assertThat(inCluster.allows(run(Map.of("ecs:cluster", "arn:cluster/other")))).isFalse();
    assertThat(inCluster.allows(run(Map.of()))).isFalse();
  }

  private static Asking run(Map<String, String> context) {
    return new Asking("ecs:RunTask", "arn:task-definition/one:1", context);
  }

  @Test
  void onlyLikeReadsWildcardsInText() {
    String statement =
        allow("ecs:RunTask", "*")
            .replace("}", ",\"Condition\":{\"StringLike\":{\"ecs:cluster\":[\"a*\",\"b\"]}}}");
    Asking inApple = run(Map.of("ecs:cluster", "apple"));
    assertThat(policy(statement).allows(inApple)).isTrue();
    assertThat(policy(statement.replace("StringLike", "StringEquals")).allows(inApple)).isFalse();
  }

  @Test
  void whatWasNeverAskedIsFoundForEachActionAndResource() {
    Policy policy =
        policy(
            "{\"Effect\":\"Allow\",\"Action\":[\"dynamodb:GetItem\",\"dynamodb:PutItem\"],"
                + "\"Resource\":[\""
                + TABLE
                + "\",\""
                + TABLE
                + "s\"]}");
    assertThat(policy.unused(List.of(GET)))
        .containsExactly(
            "dynamodb:GetItem on " + TABLE + "s",
            "dynamodb:PutItem on " + TABLE,
            "dynamodb:PutItem on " + TABLE + "s");
    assertThat(policy(allow("dynamodb:GetItem", TABLE)).unused(List.of(GET))).isEmpty();
    assertThat(policy(allow("dynamodb:*", TABLE)).unused(List.of(GET)))
        .containsExactly("dynamodb:* on " + TABLE);
  }

  @Test
  void whatThisProofDoesNotKnowIsAnErrorAndNoGuess() {
    assertThatThrownBy(
            () -> policy("{\"Effect\":\"Allow\",\"NotAction\":\"a:B\",\"Resource\":\"*\"}"))
        .hasMessageContaining("NotAction");
    assertThatThrownBy(
            () ->
                policy(
                    allow("a:B", "*")
                        .replace("}", ",\"Condition\":{\"IpAddress\":{\"k\":\"v\"}}}")))
        .hasMessageContaining("IpAddress");
    assertThatThrownBy(
            () ->
                Asking.of(
                    software.amazon.awssdk.services.dynamodb.model.ScanRequest.builder().build()))
        .hasMessageContaining("ScanRequest");
  }
}
