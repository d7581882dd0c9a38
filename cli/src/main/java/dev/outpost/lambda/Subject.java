package dev.outpost.lambda;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A handler that is measured.
 *
 * @param name what the tables call it
 * @param handler its class
 * @param folder its package
 * @param memoryMb the memory that it is given, in MB
 * @param event its sample event, a JSON document
 * @param aws what it calls
 */
record Subject(
    String name, String handler, Path folder, int memoryMb, String event, AwsAnswers aws) {
  Subject {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(handler, "handler");
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(aws, "aws");
  }
}
