package dev.outpost.functions.webhooks;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** Hears what we log, until it is closed. */
final class Logged extends AbstractAppender implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LogManager.getRootLogger();

  private Logged() {
    super("heard", null, null, true, Property.EMPTY_ARRAY);
  }

  static Logged listen() {
    Logged logged = new Logged();
    logged.start();
    logged.root.addAppender(logged);
    return logged;
  }

  @Override
  public void append(LogEvent event) {
    if (event.getLoggerName().startsWith("dev.outpost.")) {
      Throwable thrown = event.getThrown();
      lines.add(event.getMessage().getFormattedMessage() + (thrown == null ? "" : " " + thrown));
    }
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    root.removeAppender(this);
    stop();
  }
}
