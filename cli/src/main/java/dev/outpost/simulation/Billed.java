package dev.outpost.simulation;

import java.util.Objects;

/**
 * What AWS bills, and its list price: us-east-1, on demand, without the free tier, as of {@link
 * #AS_OF}. The one table of prices.
 */
enum Billed {
  HTTP_REQUEST("API Gateway, HTTP API request", 1.00),
  LAMBDA_REQUEST("Lambda request", 0.20),
  LAMBDA_GB_SECOND("Lambda GB-second, arm64", 13.3334),
  DYNAMODB_WRITE("DynamoDB write unit", 0.625),
  DYNAMODB_READ("DynamoDB read unit", 0.125),
  SQS_REQUEST("SQS request, standard queue", 0.40),
  SQS_FAIR("SQS surcharge of a fair queue's request", 0.10),
  EVENTBRIDGE_EVENT("EventBridge event of our own", 1.00),
  SECRET_CALL("Secrets Manager call", 5.00),
  /** Of one invocation in twenty. */
  TRACE("X-Ray trace", 5.00),
  /** A gigabyte that is ingested costs half a dollar. */
  LOG_KILOBYTE("CloudWatch Logs, KB ingested", 0.50),
  S3_PUT("S3 PUT", 5.00),
  S3_GET("S3 GET", 0.40);

  /** When the prices were looked up on AWS's pricing pages and in what is written about them. */
  static final String AS_OF = "2026-11-25";

  private final String title;
  private final double perMillion;

  Billed(String title, double perMillion) {
    this.title = Objects.requireNonNull(title, "title");
    this.perMillion = perMillion;
  }

  String title() {
    return title;
  }

  /** Dollars for a million. */
  double perMillion() {
    return perMillion;
  }

  /** Whether it keeps what the agent made, and is no part of the control plane. */
  boolean isStorage() {
    return this == S3_PUT || this == S3_GET;
  }
}
