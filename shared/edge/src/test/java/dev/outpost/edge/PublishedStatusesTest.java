package dev.outpost.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outpost.dispatch.Status;
import dev.outpost.relay.Relay;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PublishedStatusesTest {
  private static Set<Status> read(Map<String, String> variables) {
    return new Environment(variables).read(PublishedStatuses::read);
  }

  @Test
  void theUsualOnesAreToldWhereNoneIsNamed() {
    assertThat(read(Map.of())).isEqualTo(Relay.USUALLY_PUBLISHED);
    assertThat(read(Map.of("OUTPOST_BUS_STATUSES", " , "))).isEqualTo(Relay.USUALLY_PUBLISHED);
  }

  @Test
  void thoseThatAreNamedAreToldAndNoOthers() {
    assertThat(read(Map.of("OUTPOST_BUS_STATUSES", "pending, success")))
        .containsExactlyInAnyOrder(Status.PENDING, Status.SUCCESS);
  }

  @Test
  void whatIsNoStatusIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(Map.of("OUTPOST_BUS_STATUSES", "success,done")))
        .withMessage("OUTPOST_BUS_STATUSES names done, which is no status");
  }
}
