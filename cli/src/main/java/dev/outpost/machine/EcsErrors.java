package dev.outpost.machine;

import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;

/** ECS's errors, as the SDK throws them for an answer of ECS. */
final class EcsErrors {
  private static final int BAD_REQUEST = 400;

  private EcsErrors() {}

  static InvalidParameterException invalidParameter(String message) {
    return InvalidParameterException.builder()
        .message(message)
        .statusCode(BAD_REQUEST)
        .awsErrorDetails(details("InvalidParameterException", message))
        .build();
  }

  static ClientException client(String message) {
    return ClientException.builder()
        .message(message)
        .statusCode(BAD_REQUEST)
        .awsErrorDetails(details("ClientException", message))
        .build();
  }

  static ClusterNotFoundException clusterNotFound() {
    return ClusterNotFoundException.builder()
        .message("Cluster not found.")
        .statusCode(BAD_REQUEST)
        .awsErrorDetails(details("ClusterNotFoundException", "Cluster not found."))
        .build();
  }

  static ConflictException conflict(String taskArn) {
    String message = "The client token is in use with another request.";
    return ConflictException.builder()
        .resourceIds(List.of(taskArn))
        .message(message)
        .statusCode(BAD_REQUEST)
        .awsErrorDetails(details("ConflictException", message))
        .build();
  }

  private static AwsErrorDetails details(String code, String message) {
    return AwsErrorDetails.builder()
        .serviceName("Ecs")
        .errorCode(code)
        .errorMessage(message)
        .build();
  }
}
