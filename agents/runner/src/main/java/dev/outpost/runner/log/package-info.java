/**
 * The run's log: JSON lines on standard output for whoever follows the container, and the same as
 * text in {@code execution.log}.
 */
package dev.outpost.runner.log;
