package dev.outpost.simulation;

import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.cloudwatchlogs.model.CloudWatchLogsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ServiceUnavailableException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.ServerException;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.secretsmanager.model.InternalServiceErrorException;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** The services of AWS that the functions call, and the words in which each fails. */
enum Service {
  DYNAMODB {
    @Override
    AwsServiceException fault() {
      return with(
          InternalServerErrorException.builder(), 500, "InternalServerError", "Internal error");
    }

    @Override
    AwsServiceException throttle(Chance chance) {
      return chance.hit(0.5)
          ? with(
              ProvisionedThroughputExceededException.builder(),
              400,
              "ProvisionedThroughputExceededException",
              "The level of configured provisioned throughput was exceeded.")
          : with(DynamoDbException.builder(), 400, "ThrottlingException", "Rate exceeded");
    }
  },
  SQS {
    @Override
    AwsServiceException fault() {
      return with(SqsException.builder(), 500, "InternalFailure", "Internal failure");
    }

    @Override
    AwsServiceException throttle(Chance chance) {
      return with(SqsException.builder(), 400, "RequestThrottled", "Rate exceeded");
    }
  },
  ECS {
    @Override
    AwsServiceException fault() {
      return with(ServerException.builder(), 500, "ServerException", "Service Unavailable");
    }

    @Override
    AwsServiceException throttle(Chance chance) {
      return chance.oneOf(
          List.of(
              with(EcsException.builder(), 400, "ThrottlingException", "Rate exceeded"),
              // How ECS passes on the throttling of a service that it asked itself.
              with(
                  ClientException.builder(),
                  400,
                  "ClientException",
                  "Unexpected EC2 error while attempting to Create Network Interface"
                      + " (ErrorCode: RequestLimitExceeded)"),
              with(EcsException.builder(), 429, "TooManyRequestsException", "Too many requests")));
    }
  },
  EVENTBRIDGE {
    @Override
    AwsServiceException fault() {
      return with(EventBridgeException.builder(), 500, "InternalException", "Internal failure");
    }

    @Override
    AwsServiceException throttle(Chance chance) {
      return with(EventBridgeException.builder(), 400, "ThrottlingException", "Rate exceeded");
    }
  },
  SECRETS_MANAGER {
    @Override
    AwsServiceException fault() {
      return with(
          InternalServiceErrorException.builder(),
          500,
          "InternalServiceError",
          "An error occurred on the server side.");
    }

    @Override
    AwsServiceException throttle(Chance chance) {
      return with(SecretsManagerException.builder(), 400, "ThrottlingException", "Rate exceeded");
    }
  },
  LOGS {
    @Override
    AwsServiceException fault() {
      return with(
          ServiceUnavailableException.builder(),
          500,
          "ServiceUnavailableException",
          "The service cannot complete the request.");
    }

    @Override
    AwsServiceException throttle(Chance chance) {
      return with(CloudWatchLogsException.builder(), 400, "ThrottlingException", "Rate exceeded");
    }
  },
  S3 {
    @Override
    AwsServiceException fault() {
      return with(
          S3Exception.builder(),
          500,
          "InternalError",
          "We encountered an internal error. Please try again.");
    }

    @Override
    AwsServiceException throttle(Chance chance) {
      return with(S3Exception.builder(), 503, "SlowDown", "Please reduce your request rate.");
    }
  };

  /** The service's own fault. */
  abstract AwsServiceException fault();

  /** The service says: later. */
  abstract AwsServiceException throttle(Chance chance);

  /** No answer: nobody knows whether the call arrived. */
  static SdkClientException noAnswer() {
    return SdkClientException.create("Unable to execute HTTP request: Read timed out");
  }

  static AwsServiceException with(
      AwsServiceException.Builder builder, int status, String code, String message) {
    return builder
        .statusCode(status)
        .message(message)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
        .build();
  }
}
