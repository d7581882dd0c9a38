package dev.outpost.simulation.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One queue of {@link MemorySqs}. */
final class MemoryQueue {
  private final String name;
  private final Map<String, MemoryMessage> messages = new LinkedHashMap<>();
  private final List<MemoryMessage> deleted = new ArrayList<>();
  Duration visibility = Duration.ZERO;
  Duration delay = Duration.ZERO;
  Optional<MemoryQueue> dead = Optional.empty();
  int maxReceives;

  MemoryQueue(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void add(MemoryMessage message) {
    messages.put(message.id(), message);
  }

  void remove(MemoryMessage message) {
    messages.remove(message.id());
  }

  void delete(MemoryMessage message, Instant now) {
    if (messages.remove(message.id()) != null) {
      message.deletedAt = now;
      deleted.add(message);
    }
  }

  /** What was deleted before that instant is never seen again. */
  void forget(Instant before) {
    deleted.removeIf(message -> message.deletedAt.isBefore(before));
  }

  /** Those that may be delivered once more: deleted lately, or in flight. */
  List<MemoryMessage> ghosts() {
    List<MemoryMessage> ghosts = new ArrayList<>(deleted);
    messages.values().stream().filter(message -> message.receives > 0).forEach(ghosts::add);
    return ghosts;
  }

  List<MemoryMessage> visible(Instant now) {
    List<MemoryMessage> visible = new ArrayList<>();
    for (MemoryMessage message : messages.values()) {
      if (!now.isBefore(message.visibleAt)) {
        visible.add(message);
      }
    }
    return visible;
  }

  List<MemoryMessage> all() {
    return List.copyOf(messages.values());
  }

  Optional<MemoryMessage> byHandle(String handle) {
    return messages.values().stream().filter(m -> m.handle.equals(handle)).findFirst();
  }

  MemorySqs.Depth depth(Instant now) {
    int visible = 0;
    int delayed = 0;
    int inFlight = 0;
    for (MemoryMessage message : messages.values()) {
      if (!now.isBefore(message.visibleAt)) {
        visible++;
      } else if (message.receives == 0) {
        delayed++;
      } else {
        inFlight++;
      }
    }
    return new MemorySqs.Depth(visible, delayed, inFlight);
  }
}
