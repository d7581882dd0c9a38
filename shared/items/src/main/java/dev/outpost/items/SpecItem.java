package dev.outpost.items;

import dev.outpost.agent.TaskSize;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Spec;
import dev.outpost.run.Budget;
import dev.outpost.run.Context;
import dev.outpost.run.Workspace;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What was asked for, without its task, as attributes of a dispatch's item. */
final class SpecItem {
  /** Says that the schema of the data to be returned is in a second item. */
  static final String HAS_SCHEMA = "has_schema";

  private static final String WORKSPACE_NAME = "workspace_name";
  private static final String WHEN_BUSY = "when_busy";

  private SpecItem() {}

  static Map<String, Object> toItem(Spec spec) {
    ItemWriter item =
        new ItemWriter()
            .text(Tables.AGENT, spec.agent())
            .text("model", spec.model())
            .text("repo", spec.repo())
            .text("repository", spec.workspace().repository())
            .text("branch", spec.workspace().branch())
            .text("init", word(spec.workspace().init()))
            .text("context", spec.context().map(SpecItem::word))
            .number("timeout_ms", spec.timeout().toMillis())
            .text(Tables.EXPIRES_AT, spec.expiresAt().map(Instant::toString))
            .number("max_cost_usd", spec.budget().maxCostUsd());
    spec.budget().maxTokens().ifPresent(tokens -> item.number("max_tokens", tokens));
    spec.size()
        .ifPresent(
            size ->
                item.number("cpu_units", size.cpuUnits())
                    .number("memory_mb", size.memoryMb())
                    .number("disk_gb", size.diskGb()));
    item.text("parent", spec.parent().map(DispatchId::value));
    item.list("fallback", spec.fallback());
    if (spec.outputSchema().isPresent()) {
      item.flag(HAS_SCHEMA, true);
    }
    item.list("secret_names", spec.secrets());
    spec.booking().ifPresent(booking -> write(item, booking));
    if (!spec.tags().isEmpty()) {
      item.inner("tags", spec.tags());
    }
    return item.item();
  }

  static Spec fromItem(ItemReader reader, String task, Optional<String> outputSchema) {
    return new Spec(
        reader.text(Tables.AGENT),
        reader.maybeText("model"),
        task,
        reader.maybeText("repo"),
        new Workspace(
            reader.maybeText("repository"),
            reader.maybeText("branch"),
            reader.word("init", among(Workspace.Init.values()))),
        reader.maybeText("context").map(_ -> reader.word("context", among(Context.values()))),
        Duration.ofMillis(reader.number("timeout_ms")),
        size(reader),
        reader.textMap("tags"),
        reader.maybeInstant(Tables.EXPIRES_AT),
        new Budget(reader.maybeDouble("max_cost_usd"), reader.maybeLong("max_tokens")),
        reader.maybeText("parent").map(DispatchId::new),
        reader.texts("fallback"),
        outputSchema,
        reader.texts("secret_names"),
        booking(reader));
  }

  /** What most bookings say is not said: each byte counts in each write. */
  private static void write(ItemWriter item, Booking booking) {
    item.text(Tables.WORKSPACE, booking.workspace().value())
        .text(
            WORKSPACE_NAME,
            Optional.of(booking.name()).filter(name -> !name.equals(Booking.DEFAULT_NAME)))
        .text(
            WHEN_BUSY,
            Optional.of(booking.whenBusy())
                .filter(when -> when != Booking.WhenBusy.WAIT)
                .map(SpecItem::word));
  }

  private static Optional<Booking> booking(ItemReader reader) {
    return reader
        .maybeText(Tables.WORKSPACE)
        .map(
            id ->
                new Booking(
                    new WorkspaceId(id),
                    reader.maybeText(WORKSPACE_NAME).orElse(Booking.DEFAULT_NAME),
                    reader.maybeText(WHEN_BUSY).isEmpty()
                        ? Booking.WhenBusy.WAIT
                        : reader.word(WHEN_BUSY, among(Booking.WhenBusy.values()))));
  }

  private static Optional<TaskSize> size(ItemReader reader) {
    return reader.maybeInt("cpu_units").isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TaskSize(
                Math.toIntExact(reader.number("cpu_units")),
                Math.toIntExact(reader.number("memory_mb")),
                reader.maybeInt("disk_gb")));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> Function<String, Optional<E>> among(E[] constants) {
    return word -> {
      for (E constant : constants) {
        if (word(constant).equals(word)) {
          return Optional.of(constant);
        }
      }
      return Optional.empty();
    };
  }
}
