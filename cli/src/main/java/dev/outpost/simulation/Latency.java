package dev.outpost.simulation;

import java.util.Map;

/**
 * How long a function waits for an answer of AWS, in milliseconds: the median within a region, as
 * an assumption, for no AWS can be reached here. What is billed of it is the function's memory.
 */
final class Latency {
  private static final Map<String, Double> MILLIS =
      Map.of(
          "dynamodb:GetItem", 3.0,
          "dynamodb:Query", 4.0,
          "dynamodb:BatchGetItem", 5.0,
          "dynamodb:UpdateItem", 4.0,
          "dynamodb:TransactWriteItems", 12.0,
          "sqs:SendMessage", 8.0,
          "secretsmanager:GetSecretValue", 15.0,
          "events:PutEvents", 15.0,
          "ecs:RunTask", 500.0,
          "ecs:StopTask", 100.0);

  private static final double OTHER = 20.0;

  private Latency() {}

  static double of(String call) {
    return MILLIS.getOrDefault(call, OTHER);
  }

  static Map<String, Double> all() {
    return MILLIS;
  }
}
