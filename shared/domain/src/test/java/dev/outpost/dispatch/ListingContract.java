package dev.outpost.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link Dispatches#list} answers. */
interface ListingContract extends DispatchesPort {

  /** All pages to the end, each of at most that many. */
  private List<DispatchId> pages(Tenancy tenant, Filter filter, int limit) {
    List<DispatchId> all = new ArrayList<>();
    Optional<DispatchId> after = Optional.empty();
    do {
      Page page = dispatches().list(tenant.id, filter, after, limit);
      assertThat(page.dispatches()).hasSizeLessThanOrEqualTo(limit);
      page.dispatches().forEach(dispatch -> all.add(dispatch.id()));
      assertThat(page.next()).isNotEqualTo(after.isPresent() ? after : Optional.of("none"));
      after = page.next();
    } while (after.isPresent());
    return all;
  }

  private static List<DispatchId> newestFirst(List<Dispatch> oldestFirst) {
    return oldestFirst.reversed().stream().map(Dispatch::id).toList();
  }

  @Test
  default void aTenantWithoutDispatchesHasAnEmptyList() {
    Tenancy tenant = new Tenancy(dispatches());
    assertThat(dispatches().list(tenant.id, Filter.ALL, Optional.empty(), 20))
        .isEqualTo(new Page(List.of(), Optional.empty()));
  }

  @Test
  default void theNewestComesFirstAsItIsNow() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch ended = tenant.succeeded(tenant.admitted());
    Dispatch running = tenant.running(tenant.admitted());
    Dispatch pending = tenant.admitted();
    assertThat(dispatches().list(tenant.id, Filter.ALL, Optional.empty(), 20))
        .isEqualTo(new Page(List.of(pending, running, ended), Optional.empty()));
  }

  @Test
  default void pagesLeadToTheEndWithoutLossOrRepetition() {
    Tenancy tenant = new Tenancy(dispatches());
    List<DispatchId> all = newestFirst(tenant.admitted(21));
    for (int limit : new int[] {1, 4, 7, 20, 21, 100}) {
      assertThat(pages(tenant, Filter.ALL, limit)).isEqualTo(all);
    }
  }

  @Test
  default void aListThatEndsWithAFullPageSaysSo() {
    Tenancy tenant = new Tenancy(dispatches());
    tenant.admitted(4);
    Page first = dispatches().list(tenant.id, Filter.ALL, Optional.empty(), 2);
    Page second = dispatches().list(tenant.id, Filter.ALL, first.next(), 2);
    assertThat(second.dispatches()).hasSize(2);
    assertThat(second.next()).isEmpty();
  }

  @Test
  default void whatArrivesBetweenTwoPagesShiftsNothing() {
    Tenancy tenant = new Tenancy(dispatches());
    List<Dispatch> old = tenant.admitted(4);
    Page first = dispatches().list(tenant.id, Filter.ALL, Optional.empty(), 2);
    tenant.admitted(3);
    Page second = dispatches().list(tenant.id, Filter.ALL, first.next(), 10);
    assertThat(second.dispatches()).containsExactly(old.get(1), old.get(0));
  }

  @Test
  default void aPageAfterAnIdThatIsNotThereIsWhatComesAfterItsPlace() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch older = tenant.admitted();
    Dispatch never = tenant.dispatch();
    tenant.admitted();
    assertThat(dispatches().list(tenant.id, Filter.ALL, Optional.of(never.id()), 5).dispatches())
        .containsExactly(older);
  }

  @Test
  default void nobodySeesAnothersDispatches() {
    Tenancy mine = new Tenancy(dispatches());
    Tenancy other = new Tenancy(dispatches());
    Dispatch theirs = other.admitted();
    assertThat(pages(mine, Filter.ALL, 10)).isEmpty();
    assertThat(dispatches().list(mine.id, Filter.ALL, Optional.of(theirs.id()), 10).dispatches())
        .isEmpty();
  }

  @Test
  default void eachFilterKeepsWhatItNames() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch plain = tenant.admitted();
    Dispatch tagged =
        tenant.admitted(
            tenant.dispatch(
                Samples.T0, Tenancy.spec("a task", Map.of("team", "x"), Optional.of("a/b"))));
    Dispatch ended = tenant.cancelled(tenant.admitted());

    Filter all = Filter.ALL;
    assertThat(pages(tenant, status(Status.CANCELLED), 5)).containsExactly(ended.id());
    assertThat(pages(tenant, status(Status.PENDING), 5)).containsExactly(tagged.id(), plain.id());
    assertThat(pages(tenant, status(Status.RUNNING), 5)).isEmpty();
    Optional<String> none = Optional.empty();
    Filter repo =
        new Filter(all.status(), none, Optional.of("a/b"), none, all.since(), all.until());
    Filter tag =
        new Filter(all.status(), none, none, Optional.of("team"), all.since(), all.until());
    assertThat(pages(tenant, repo, 5)).containsExactly(tagged.id());
    assertThat(pages(tenant, tag, 5)).containsExactly(tagged.id());
    for (String agent : List.of(tenant.agent, "another")) {
      Filter of =
          new Filter(all.status(), Optional.of(agent), none, none, all.since(), all.until());
      assertThat(pages(tenant, of, 5)).hasSize(agent.equals(tenant.agent) ? 3 : 0);
    }
    Filter both =
        new Filter(
            Optional.of(Status.PENDING), none, none, Optional.of("team"), all.since(), all.until());
    assertThat(pages(tenant, both, 5)).containsExactly(tagged.id());
  }

  @Test
  default void fromAnInstantOnAndBeforeAnInstant() {
    Tenancy tenant = new Tenancy(dispatches());
    List<Dispatch> daily = new ArrayList<>();
    for (int day = 0; day < 4; day++) {
      daily.add(
          tenant.admitted(tenant.dispatch(Samples.T0.plus(Duration.ofDays(day)), Samples.spec())));
    }
    Instant second = daily.get(1).createdAt();
    Instant fourth = daily.get(3).createdAt();
    assertThat(pages(tenant, between(Optional.of(second), Optional.of(fourth)), 5))
        .containsExactly(daily.get(2).id(), daily.get(1).id());
    assertThat(pages(tenant, between(Optional.of(second.plusNanos(1)), Optional.empty()), 1))
        .containsExactly(daily.get(3).id(), daily.get(2).id());
    assertThat(pages(tenant, between(Optional.empty(), Optional.of(second.plusNanos(1))), 1))
        .containsExactly(daily.get(1).id(), daily.get(0).id());
    assertThat(pages(tenant, between(Optional.of(fourth), Optional.of(second)), 5)).isEmpty();
    assertThat(pages(tenant, between(Optional.of(Instant.EPOCH), Optional.empty()), 5)).hasSize(4);
  }

  @Test
  default void aRareFilterFindsItsOwnAmongMany() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch oldest = tenant.cancelled(tenant.admitted());
    tenant.admitted(120);
    Dispatch middle = tenant.cancelled(tenant.admitted());
    tenant.admitted(30);
    assertThat(pages(tenant, status(Status.CANCELLED), 1))
        .containsExactly(middle.id(), oldest.id());
    assertThat(pages(tenant, status(Status.CANCELLED), 100))
        .containsExactly(middle.id(), oldest.id());
  }

  @Test
  default void longTasksMayBeShortenedInAListButNothingElseIs() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.admitted(tenant.dispatch("Do this and that. ".repeat(500)));
    Dispatch listed =
        dispatches().list(tenant.id, Filter.ALL, Optional.empty(), 5).dispatches().getFirst();
    String task = listed.spec().task();
    assertThat(dispatch.spec().task()).startsWith(task.substring(0, task.length() - 1));
    assertThat(listed.state()).isEqualTo(dispatch.state());
    assertThat(listed.id()).isEqualTo(dispatch.id());
    assertThat(listed.spec().workspace()).isEqualTo(dispatch.spec().workspace());
  }

  private static Filter status(Status status) {
    Optional<String> none = Optional.empty();
    return new Filter(Optional.of(status), none, none, none, Optional.empty(), Optional.empty());
  }

  private static Filter between(Optional<Instant> since, Optional<Instant> until) {
    Optional<String> none = Optional.empty();
    return new Filter(Optional.empty(), none, none, none, since, until);
  }
}
