package dev.outpost.cdk;

import java.util.Objects;
import software.amazon.awscdk.services.apigateway.AccessLogFormat;
import software.amazon.awscdk.services.apigatewayv2.IAccessLogDestination;
import software.amazon.awscdk.services.apigatewayv2.IAccessLogSettings;

/**
 * Where an HTTP API writes a line for each request, and which. No record: the CDK would take its
 * accessors for methods of the interface.
 */
final class AccessLog implements IAccessLogSettings {
  private final IAccessLogDestination where;
  private final AccessLogFormat line;

  AccessLog(IAccessLogDestination where, AccessLogFormat line) {
    this.where = Objects.requireNonNull(where, "where");
    this.line = Objects.requireNonNull(line, "line");
  }

  @Override
  public IAccessLogDestination getDestination() {
    return where;
  }

  @Override
  public AccessLogFormat getFormat() {
    return line;
  }
}
