package dev.outpost.edge.start;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.time.Duration;
import java.util.Objects;

/**
 * The context of an invocation that Lambda itself did not make: of a rehearsal, on one machine, in
 * a simulation. What no function of ours asks for is a fixed word.
 *
 * @param functionName the function's name
 * @param requestId the invocation's id
 * @param logger takes what the function logs
 */
public record Invocation(String functionName, String requestId, LambdaLogger logger)
    implements Context {
  /** Takes nothing. */
  public static final LambdaLogger SILENCE =
      new LambdaLogger() {
        @Override
        public void log(String message) {}

        @Override
        public void log(byte[] message) {}
      };

  private static final int MEMORY_MB = 512;
  private static final Duration REMAINING = Duration.ofSeconds(30);

  /** Refuses nulls. */
  public Invocation {
    Objects.requireNonNull(functionName, "functionName");
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(logger, "logger");
  }

  @Override
  public String getAwsRequestId() {
    return requestId;
  }

  @Override
  public String getLogGroupName() {
    return "/aws/lambda/" + functionName;
  }

  @Override
  public String getLogStreamName() {
    return "local";
  }

  @Override
  public String getFunctionName() {
    return functionName;
  }

  @Override
  public String getFunctionVersion() {
    return "$LATEST";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "arn:aws:lambda:local:000000000000:function:" + functionName;
  }

  @Override
  public CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public ClientContext getClientContext() {
    return null;
  }

  @Override
  public int getRemainingTimeInMillis() {
    return (int) REMAINING.toMillis();
  }

  @Override
  public int getMemoryLimitInMB() {
    return MEMORY_MB;
  }

  @Override
  public LambdaLogger getLogger() {
    return logger;
  }
}
