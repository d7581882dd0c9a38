package dev.outpost.edge;

import dev.outpost.dispatch.Status;
import dev.outpost.relay.Relay;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which statuses the installation tells its bus and its tenants' webhooks of. */
public final class PublishedStatuses {
  /** The variable that names them; whoever tells them and whoever promises them reads it. */
  public static final String VARIABLE = "OUTPOST_BUS_STATUSES";

  private PublishedStatuses() {}

  /**
   * Those that the variable names; the usual ones when it names none.
   *
   * @throws IllegalArgumentException when it names what is no status
   */
  public static Set<Status> read(Environment.Variables variables) {
    List<String> words = variables.words(VARIABLE);
    if (words.isEmpty()) {
      return Relay.USUALLY_PUBLISHED;
    }
    Set<Status> statuses = EnumSet.noneOf(Status.class);
    for (String word : words) {
      statuses.add(
          Status.of(word)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          VARIABLE + " names " + word + ", which is no status")));
    }
    return statuses;
  }
}
