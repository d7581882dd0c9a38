package dev.outpost.cli.admin;

import dev.outpost.tenant.Tenants;

/** The deployed stages, with the AWS credentials of the environment. */
public interface Stages {
  /** The tenants of that stage; what is changed of them is written down in their audit. */
  Tenants tenants(String stage);

  /** The dead letters of a stage's queue. */
  DeadLetters deadLetters(String stage, QueueName queue);
}
