package dev.outpost.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Race;
import dev.outpost.Ulids;
import dev.outpost.audit.AuditRecord.Outcome;
import dev.outpost.tenant.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every implementation of {@link AuditTrail} does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class AuditTrailContract {
  private static final Instant T0 = Instant.parse("2026-11-22T21:20:30.123456789Z");

  private final Ulids ulids = new Ulids(InstantSource.fixed(T0));

  /** The port under test; the same store each time. */
  protected abstract AuditTrail trail();

  private AuditRecord line(TenantId tenant) {
    return new AuditRecord(
        AuditId.next(ulids),
        tenant,
        T0,
        "key_1",
        "cancel_dispatch",
        Optional.of("dsp_1"),
        Outcome.ASKED,
        Optional.empty());
  }

  private List<AuditRecord> appended(TenantId tenant, int howMany) {
    List<AuditRecord> lines = new ArrayList<>();
    for (int i = 0; i < howMany; i++) {
      AuditRecord line = line(tenant);
      trail().append(line);
      lines.addFirst(line);
    }
    return lines;
  }

  @Test
  void aTenantHasNoRecordAtFirst() {
    assertThat(trail().list(TenantId.random(), Optional.empty(), 10)).isEmpty();
  }

  @Test
  void aRecordIsFoundAsItWasAppended() {
    TenantId tenant = TenantId.random();
    AuditRecord asked = line(tenant);
    AuditRecord done =
        new AuditRecord(
            AuditId.next(ulids),
            tenant,
            T0.plusNanos(1),
            AuditRecord.OPERATOR,
            "update_tenant",
            Optional.empty(),
            Outcome.DONE,
            Optional.of(asked.id()));
    trail().append(asked);
    trail().append(done);
    assertThat(trail().list(tenant, Optional.empty(), 10)).containsExactly(done, asked);
  }

  @Test
  void recordsAreListedNewestFirstAndPartByPart() {
    TenantId tenant = TenantId.random();
    List<AuditRecord> all = appended(tenant, 5);
    assertThat(trail().list(tenant, Optional.empty(), 2)).isEqualTo(all.subList(0, 2));
    assertThat(trail().list(tenant, Optional.of(all.get(1).id()), 2)).isEqualTo(all.subList(2, 4));
    assertThat(trail().list(tenant, Optional.of(all.get(3).id()), 2)).isEqualTo(all.subList(4, 5));
    assertThat(trail().list(tenant, Optional.of(all.get(4).id()), 2)).isEmpty();
  }

  @Test
  void aTenantSeesItsOwnAlone() {
    TenantId tenant = TenantId.random();
    TenantId other = TenantId.random();
    List<AuditRecord> mine = appended(tenant, 2);
    List<AuditRecord> others = appended(other, 2);
    assertThat(trail().list(tenant, Optional.empty(), 10)).isEqualTo(mine);
    assertThat(trail().list(tenant, Optional.of(others.getFirst().id()), 10))
        .as("to go on after another tenant's record shows no more")
        .isEqualTo(mine);
  }

  @Test
  void whatIsWrittenStaysAsItIs() {
    TenantId tenant = TenantId.random();
    AuditRecord first = line(tenant);
    AuditRecord forged =
        new AuditRecord(
            first.id(),
            tenant,
            T0.plusSeconds(9),
            "key_2",
            "put_secret",
            Optional.empty(),
            Outcome.REFUSED,
            Optional.empty());
    trail().append(first);
    trail().append(first);
    trail().append(forged);
    assertThat(trail().list(tenant, Optional.empty(), 10)).containsExactly(first);
  }

  @Test
  void recordsOfOneMomentAreAllKept() {
    TenantId tenant = TenantId.random();
    List<AuditRecord> lines = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      lines.add(line(tenant));
    }
    var _ =
        Race.of(
            lines.size(),
            i -> {
              trail().append(lines.get(i));
              return true;
            });
    assertThat(trail().list(tenant, Optional.empty(), 100))
        .containsExactlyElementsOf(lines.reversed());
  }
}
