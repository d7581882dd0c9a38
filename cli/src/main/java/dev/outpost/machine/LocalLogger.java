package dev.outpost.machine;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import dev.outpost.edge.start.Invocation;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what a function logs to Lambda into the machine's own log. */
record LocalLogger(Logger log) implements LambdaLogger {
  /** An invocation of a function, which logs under its name. */
  static Invocation invocation(String functionName, String requestId) {
    return new Invocation(
        functionName, requestId, new LocalLogger(LoggerFactory.getLogger(functionName)));
  }

  @Override
  public void log(String message) {
    log.info(message.stripTrailing());
  }

  @Override
  public void log(byte[] message) {
    log(new String(message, StandardCharsets.UTF_8));
  }
}
