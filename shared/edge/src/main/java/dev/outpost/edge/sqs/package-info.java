/** Batches of an SQS event source. */
package dev.outpost.edge.sqs;
