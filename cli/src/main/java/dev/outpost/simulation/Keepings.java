package dev.outpost.simulation;

import dev.outpost.dynamodb.AttributeValues;
import dev.outpost.items.WorkspaceItem;
import dev.outpost.simulation.aws.MemoryDynamoDb.Change;
import dev.outpost.workspace.KeptWorkspace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The witness of what tenants keep (invariant 20): a workspace goes only when its tenant asks, and
 * never from under a dispatch; its archive goes after it and never before; and what requests are
 * answered of workspaces was so at some moment of them.
 */
final class Keepings {
  private final World world;
  private final Ledger ledger;

  /** The workspaces that there are and the ones that dispatches have, by tenant. */
  private final Map<String, Map<String, KeptWorkspace>> there = new HashMap<>();

  private final Map<String, Set<String>> held = new HashMap<>();

  /** Archives of workspaces that are gone, and those whose removal was asked for. */
  private final Set<String> gone = new HashSet<>();

  private final Set<String> removed = new HashSet<>();
  private final List<Look> looks = new ArrayList<>();

  Keepings(World world, Ledger ledger) {
    this.world = world;
    this.ledger = ledger;
  }

  /** A write of a workspace's record. */
  void written(String tenant, Change change) {
    Optional<KeptWorkspace> before = workspace(change.before());
    Optional<KeptWorkspace> after = workspace(change.after());
    before
        .filter(was -> after.filter(is -> is.generation().equals(was.generation())).isEmpty())
        .ifPresent(was -> ended(was, after));
    after.ifPresent(
        is -> {
          require(
              is.sizeBytes() == 0 || world.objects().has(is.archiveKey()),
              is + " says that it was saved");
          gone.remove(is.archiveKey());
          there.computeIfAbsent(tenant, _ -> new HashMap<>()).put(is.id().value(), is);
          of(tenant).forEach(look -> look.ever.add(is.id().value()));
        });
  }

  private static Optional<KeptWorkspace> workspace(Optional<Map<String, AttributeValue>> item) {
    return item.map(AttributeValues::item).map(WorkspaceItem::fromItem);
  }

  /** A workspace is gone, and maybe another one of its name is there instead. */
  private void ended(KeptWorkspace was, Optional<KeptWorkspace> after) {
    String tenant = was.tenantId().value();
    String id = was.id().value();
    gone.add(was.archiveKey());
    there.getOrDefault(tenant, Map.of()).remove(id);
    of(tenant).forEach(look -> look.ended(was));
    if (!was.isThere(world.timeline().instant())) {
      return;
    }
    require(after.isEmpty(), was + " has become " + after);
    require(!heldNow(tenant).contains(id), was + " is gone, and a dispatch has it");
    require(
        of(tenant).stream().anyMatch(look -> look.deleting.equals(Optional.of(id))),
        was + " is gone, and nobody is deleting it");
    ledger.acts().workspaceRemoved(tenant, id);
  }

  /** Which workspaces a tenant's dispatches have now. */
  void held(String tenant, Set<String> workspaces) {
    held.put(tenant, Set.copyOf(workspaces));
    of(tenant).forEach(look -> look.held.addAll(workspaces));
  }

  private Set<String> heldNow(String tenant) {
    return held.getOrDefault(tenant, Set.of());
  }

  /** The removal of an object has taken effect. */
  void removed(String key) {
    require(gone.contains(key), key + " was removed, and its workspace was there");
    removed.add(key);
  }

  private List<Look> of(String tenant) {
    return looks.stream().filter(look -> look.tenant.equals(tenant)).toList();
  }

  private void require(boolean holds, String what) {
    ledger.require(holds, 20, what);
  }

  /** A request about a tenant's workspaces is sent. */
  Look look(String tenant, Optional<String> deleting) {
    Look look = new Look(tenant, deleting);
    looks.stream()
        .filter(other -> deleting.isPresent() && other.deleting.equals(deleting))
        .forEach(
            other -> {
              other.alone = false;
              look.alone = false;
            });
    looks.add(look);
    return look;
  }

  /** All that is so at any moment between a request and its answer. */
  final class Look {
    private final String tenant;
    private final Optional<String> deleting;
    private final boolean clear = world.weather().isClear();
    private final Set<String> ever;
    private final Set<String> always;
    private final Set<String> held;
    private final Set<KeptWorkspace> ended = new HashSet<>();

    /** Whether nobody else was deleting it meanwhile. */
    private boolean alone = true;

    private Look(String tenant, Optional<String> deleting) {
      this.tenant = Objects.requireNonNull(tenant, "tenant");
      this.deleting = Objects.requireNonNull(deleting, "deleting");
      Set<String> now = there.getOrDefault(tenant, Map.of()).keySet();
      this.ever = new HashSet<>(now);
      this.always = new HashSet<>(now);
      this.held = new HashSet<>(heldNow(tenant));
    }

    private void ended(KeptWorkspace was) {
      always.remove(was.id().value());
      ended.add(was);
    }

    /** It is over, answered or not. */
    void end() {
      looks.remove(this);
    }

    /** These were listed. */
    void listed(List<String> ids) {
      require(
          ever.containsAll(ids) && ids.containsAll(always),
          tenant + "'s are listed as " + ids + ", and were " + always + " to " + ever);
    }

    /** The deletion was answered with that status. */
    void deleted(int status) {
      String id = deleting.orElseThrow();
      String what = "the deletion of " + id + " was answered with " + status;
      List<KeptWorkspace> own = ended.stream().filter(was -> was.id().value().equals(id)).toList();
      switch (status) {
        case 200 -> {
          require(!own.isEmpty(), what + ", and it was never gone");
          // One that cannot be removed is left to its expiry; of several nobody knows which.
          require(
              !clear || own.size() != 1 || removed.contains(own.getFirst().archiveKey()),
              what + ", and its archive was left");
        }
        case 404 -> {
          require(!always.contains(id), what + ", and it was there");
          require(!alone || own.isEmpty(), what + ", and had been done by it");
        }
        case 409 -> require(held.contains(id), what + ", and no dispatch had it");
        default -> {}
      }
    }
  }
}
