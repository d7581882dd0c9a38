/**
 * The ports on DynamoDB. {@code RATIONALE.md} beside the module says what each path costs and why
 * it is safe against lost answers.
 */
package dev.outpost.dynamodb;
