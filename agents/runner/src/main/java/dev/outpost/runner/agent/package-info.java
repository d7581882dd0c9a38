/**
 * The agent's process: started in a session of its own with an environment made from nothing, read
 * line by line, and ended with all that it started.
 */
package dev.outpost.runner.agent;
