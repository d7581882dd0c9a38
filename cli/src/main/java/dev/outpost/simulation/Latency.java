package dev.outpost.simulation;

import java.util.Map;

/**
 * How long a function waits for an answer of AWS, in milliseconds: the median within a region, as
 * an assumption, for no AWS can be reached here. What is billed of it is the function's memory.
 */
final class Latency {
  private static final Map<String, Double> MILLIS =
      Map.ofEntries(
          Map.entry("dynamodb:GetItem", 3.0),
          Map.entry("dynamodb:Query", 4.0),
          Map.entry("dynamodb:BatchGetItem", 5.0),
          Map.entry("dynamodb:PutItem", 4.0),
          Map.entry("dynamodb:UpdateItem", 4.0),
          Map.entry("dynamodb:TransactWriteItems", 12.0),
          Map.entry("sqs:SendMessage", 8.0),
          Map.entry("secretsmanager:GetSecretValue", 15.0),
          Map.entry("events:PutEvents", 15.0),
          Map.entry("ecs:RunTask", 500.0),
          Map.entry("ecs:StopTask", 100.0));

  private static final double OTHER = 20.0;

  private Latency() {}

  static double of(String call) {
    return MILLIS.getOrDefault(call, OTHER);
  }

  static Map<String, Double> all() {
    return MILLIS;
  }
}
