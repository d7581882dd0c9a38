package dev.outpost.machine;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One dispatch that a crash campaign asked for: what was answered, and what was done to it since.
 * Safe for use by many threads.
 */
final class Asked {
  private final String name;
  private final CrashTenant tenant;
  private final Chore chore;
  private final boolean repeatable;

  private Optional<String> id = Optional.empty();
  private boolean accepted;
  private boolean usedUp;
  private boolean cancelGranted;
  private boolean cancelUnanswered;
  private Optional<Map<String, Object>> end = Optional.empty();
  private final Set<Blow> blows = EnumSet.noneOf(Blow.class);
  private final List<String> faults = new ArrayList<>();

  /**
   * Nothing was sent yet.
   *
   * @param name unique in its campaign
   * @param repeatable whether it is sent with an idempotency key, and so until it is answered
   */
  Asked(String name, CrashTenant tenant, Chore chore, boolean repeatable) {
    this.name = name;
    this.tenant = tenant;
    this.chore = chore;
    this.repeatable = repeatable;
  }

  String name() {
    return name;
  }

  CrashTenant tenant() {
    return tenant;
  }

  Chore chore() {
    return chore;
  }

  boolean repeatable() {
    return repeatable;
  }

  /** A 2xx told that id. */
  synchronized void accepted(String as) {
    if (id.isPresent() && !id.get().equals(as)) {
      faults.add("was answered with " + id.get() + " and with " + as);
    }
    id = Optional.of(as);
    accepted = true;
  }

  /** It lies among its tenant's dispatches, answered or not. */
  synchronized void found(String as) {
    if (id.isPresent() && !id.get().equals(as)) {
      faults.add("lies there twice, as " + id.get() + " and as " + as);
    }
    id = Optional.of(as);
  }

  /** Its tenant's day was used up. */
  synchronized void usedUp() {
    usedUp = true;
  }

  /** Something that must not be. */
  synchronized void fault(String what) {
    faults.add(what);
  }

  /** Its cancel was answered with 200. */
  synchronized void cancelGranted() {
    cancelGranted = true;
  }

  /** Its cancel may have been taken, but the answer never came. */
  synchronized void cancelUnanswered() {
    cancelUnanswered = true;
  }

  /** It was hit, or is about to be. */
  synchronized void hit(Blow blow) {
    blows.add(blow);
  }

  /** It was seen to have ended; what is seen first must stay as it is for ever. */
  synchronized void ended(Map<String, Object> record) {
    if (end.isPresent() && !end.get().equals(record)) {
      faults.add("had ended as " + end.get() + " and is now " + record);
    }
    end = Optional.of(record);
  }

  synchronized Optional<String> id() {
    return id;
  }

  synchronized boolean wasAccepted() {
    return accepted;
  }

  synchronized boolean wasUsedUp() {
    return usedUp;
  }

  synchronized boolean wasCancelGranted() {
    return cancelGranted;
  }

  synchronized boolean wasCancelUnanswered() {
    return cancelUnanswered;
  }

  synchronized Optional<Map<String, Object>> end() {
    return end;
  }

  synchronized Set<Blow> blows() {
    return blows.isEmpty() ? Set.of() : EnumSet.copyOf(blows);
  }

  synchronized List<String> faults() {
    return List.copyOf(faults);
  }
}
