/** The launch queue on SQS. */
package dev.outpost.sqs;
