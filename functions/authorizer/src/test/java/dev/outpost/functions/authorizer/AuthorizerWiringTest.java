package dev.outpost.functions.authorizer;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthorizerWiringTest {
  @Test
  void whatIsMissingIsNamed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> AuthorizerWiring.fromEnvironment(Map.of()))
        .withMessage("missing environment variables: OUTPOST_STAGE");
  }
}
