package dev.outpost.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.embedded.Installation;
import dev.outpost.tenant.Principal;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tier;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CancelTest {
  private final Installation installation = new Installation(Tier.STARTER);
  private final Principal principal =
      new Principal(Installation.SAMPLE_TENANT, "key_1", Set.of(Scope.ADMIN), Tier.STARTER);

  private Cancel.Outcome cancel(Dispatches dispatches, DispatchId id) {
    return new Cancel(dispatches, installation).cancel(principal, id, Optional.empty());
  }

  /**
   * The same dispatches, where the answer to each first write is lost: it is made once more, and
   * finds what it has done itself.
   */
  private Dispatches forgetful() {
    Dispatches real = installation.dispatches();
    return (Dispatches)
        Proxy.newProxyInstance(
            Dispatches.class.getClassLoader(),
            new Class<?>[] {Dispatches.class},
            (_, method, arguments) -> {
              try {
                if (method.getName().equals("change")) {
                  var _ = method.invoke(real, arguments);
                }
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void aCancelWhoseFirstWriteWasDoneAndNotAnsweredIsTheClientsAllTheSame() {
    DispatchId id = installation.accept();
    assertThat(cancel(forgetful(), id)).isInstanceOf(Cancel.Outcome.Cancelled.class);
    assertThat(installation.dispatch(id).status()).isEqualTo(Status.CANCELLED);
  }

  @Test
  void whatHadEndedBeforeItWasAskedForIsTooLateAlsoWhenItWasCancelled() {
    DispatchId id = installation.accept();
    assertThat(cancel(installation.dispatches(), id)).isInstanceOf(Cancel.Outcome.Cancelled.class);
    assertThat(cancel(installation.dispatches(), id)).isInstanceOf(Cancel.Outcome.TooLate.class);
  }
}
