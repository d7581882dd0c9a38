package dev.outpost.embedded;

/**
 * How many messages a queue holds.
 *
 * @param visible can be received
 * @param inFlight were received and neither deleted nor visible again
 * @param delayed were sent with a delay that is not over
 * @param dead lie in the dead-letter queue
 */
public record QueueDepth(int visible, int inFlight, int delayed, int dead) {}
