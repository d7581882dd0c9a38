package dev.outpost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.audit.AuditRecord;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Lifecycle;
import dev.outpost.launch.Advance;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.reconcile.Reconcile;
import dev.outpost.relay.Tell;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.Webhooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the published promises against the code. */
class PromisesTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| ([A-Z]\\w+\\.[A-Z_]+) \\| (\\d+)(?: (s|min|d))? \\|");

  private static final Map<String, Duration> TIMES =
      Map.ofEntries(
          Map.entry("Dispatch.ENQUEUE_LATENCY", Dispatch.ENQUEUE_LATENCY),
          Map.entry("Dispatch.LAUNCH_LOOK", Dispatch.LAUNCH_LOOK),
          Map.entry("Dispatch.START_LATENCY", Dispatch.START_LATENCY),
          Map.entry("Launch.LEASE", Launch.LEASE),
          Map.entry("Lifecycle.HEARD_EVERY", Lifecycle.HEARD_EVERY),
          Map.entry("Dispatch.SILENCE", Dispatch.SILENCE),
          Map.entry("Dispatch.PREPARATION", Dispatch.PREPARATION),
          Map.entry("Dispatch.TIMEOUT_GRACE", Dispatch.TIMEOUT_GRACE),
          Map.entry("Dispatch.WORKSPACE_TIME", Dispatch.WORKSPACE_TIME),
          Map.entry("Dispatch.STOP_LATENCY", Dispatch.STOP_LATENCY),
          Map.entry("Dispatch.TELL_LATENCY", Dispatch.TELL_LATENCY),
          Map.entry("Tell.BROUGHT_WITHIN", Tell.BROUGHT_WITHIN),
          Map.entry("Dispatch.MAX_WAIT", Dispatch.MAX_WAIT),
          Map.entry("AuditRecord.KEPT", AuditRecord.KEPT),
          Map.entry("Delivery.KEPT", Delivery.KEPT),
          Map.entry("Webhook.OVERLAP", Webhook.OVERLAP),
          Map.entry("Reconcile.ORPHANS_EVERY", Reconcile.ORPHANS_EVERY),
          Map.entry("Advance.FIRST_BACKOFF", Advance.FIRST_BACKOFF),
          Map.entry("Advance.LONGEST_BACKOFF", Advance.LONGEST_BACKOFF));

  private static final Map<String, Long> COUNTS =
      Map.of(
          "Webhooks.MAX", (long) Webhooks.MAX,
          "DeliveryQueue.MAX_RECEIVES", (long) DeliveryQueue.MAX_RECEIVES,
          "Lifecycle.MAX_ATTEMPTS", (long) Lifecycle.MAX_ATTEMPTS,
          "LaunchQueue.MAX_RECEIVES", (long) LaunchQueue.MAX_RECEIVES);

  @Test
  void everyPublishedNumberIsTheOneInTheCode() throws IOException {
    Map<String, Duration> times = new TreeMap<>();
    Map<String, Long> counts = new TreeMap<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("../../docs/promises.md")));
    while (row.find()) {
      long number = Long.parseLong(row.group(2));
      switch (row.group(3)) {
        case null -> counts.put(row.group(1), number);
        case "s" -> times.put(row.group(1), Duration.ofSeconds(number));
        case "min" -> times.put(row.group(1), Duration.ofMinutes(number));
        default -> times.put(row.group(1), Duration.ofDays(number));
      }
    }
    assertThat(times).isEqualTo(TIMES);
    assertThat(counts).isEqualTo(COUNTS);
  }
}
