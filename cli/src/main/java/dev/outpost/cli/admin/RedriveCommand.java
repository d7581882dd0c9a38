package dev.outpost.cli.admin;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Puts dead letters back into their queues. */
@Command(
    name = "redrive",
    description = "Puts dead letters back into their queues.",
    footer = {
      "",
      "A message that failed again and again is a dead letter; the dispatch that it names has ended",
      "or is healed by the reconciler, which also begins the next attempt to tell a webhook. Once",
      "the fault is mended, a redrive has it tried again; one message too many does no harm."
    })
public final class RedriveCommand extends AdminCommand {
  private static final int MOST_SHOWN = 100;

  @Option(
      names = "--queue",
      paramLabel = "QUEUE",
      description = "launch, task-events or webhooks; may be repeated (default: all).")
  private Set<QueueName> queues = EnumSet.noneOf(QueueName.class);

  @Option(
      names = "--dry-run",
      description = "Move nothing; list what lies there, at most " + MOST_SHOWN + " of each.")
  private boolean dryRun;

  private RedriveCommand(Administration on) {
    super(on);
  }

  /** The command on those ports. */
  public static CommandLine line(Administration on, Where where) {
    CommandLine line = new CommandLine(new RedriveCommand(on));
    line.addMixin("where", where);
    return line.registerConverter(QueueName.class, queue());
  }

  private static ITypeConverter<QueueName> queue() {
    return text -> {
      for (QueueName queue : QueueName.values()) {
        if (queue.wire().equals(text)) {
          return queue;
        }
      }
      throw new TypeConversionException(
          "there is no queue '"
              + text
              + "'; there are "
              + Arrays.stream(QueueName.values())
                  .map(QueueName::wire)
                  .collect(Collectors.joining(", ")));
    };
  }

  @Override
  public Integer call() {
    Set<QueueName> wanted = queues.isEmpty() ? EnumSet.allOf(QueueName.class) : queues;
    List<Map<String, Object>> documents = new ArrayList<>();
    Table moves = new Table("QUEUE", "DEAD LETTERS", "MOVED");
    Table letters = new Table("QUEUE", "SENT", "RECEIVED", "ABOUT");
    for (QueueName queue : wanted) {
      DeadLetters dead = on().deadLetters().apply(queue);
      int lay = dead.count();
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("queue", queue.wire());
      document.put("deadLetters", lay);
      if (dryRun) {
        List<DeadLetter> seen = dead.look(MOST_SHOWN);
        document.put("messages", seen.stream().map(RedriveCommand::document).toList());
        for (DeadLetter one : seen) {
          letters.add(
              queue.wire(), one.sentAt().toString(), one.receives() + " times", about(one.body()));
        }
        moves.add(queue.wire(), String.valueOf(lay), "0");
      } else {
        int moved = dead.redrive();
        document.put("moved", moved);
        moves.add(queue.wire(), String.valueOf(lay), String.valueOf(moved));
      }
      documents.add(document);
    }
    if (json()) {
      out().println(Answers.json(Map.of("queues", documents)));
    } else {
      moves.lines(Integer.MAX_VALUE).forEach(out()::println);
      if (dryRun) {
        out().println();
        letters.lines(Integer.MAX_VALUE).forEach(out()::println);
      }
    }
    return ExitCode.OK.number();
  }

  private static Map<String, Object> document(DeadLetter letter) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("messageId", letter.id());
    document.put("sentAt", letter.sentAt().toString());
    document.put("receives", letter.receives());
    document.put("about", about(letter.body()));
    return document;
  }

  /** What a message is about. Never the message: an event of ECS has a claim token in it. */
  static String about(String body) {
    try {
      Map<String, Object> message = JSON.std.mapFrom(body);
      if (message.get("dispatchId") instanceof String id) {
        return id;
      }
      if (message.get("deliveryId") instanceof String id) {
        return id + " to " + message.get("webhookId") + ", attempt " + message.get("attempt");
      }
      if (message.get("detail") instanceof Map<?, ?> detail) {
        return detail.get("startedBy") + " " + detail.get("lastStatus");
      }
    } catch (IOException _) {
      // Told below, as what is JSON and says nothing.
    }
    return "unreadable, " + body.length() + " characters";
  }
}
