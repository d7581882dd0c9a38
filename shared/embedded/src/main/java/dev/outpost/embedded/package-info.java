/**
 * The ports on one transactional store inside the process: what the one-machine runtime runs on,
 * durable in a file, and the simulator, in memory.
 */
package dev.outpost.embedded;
