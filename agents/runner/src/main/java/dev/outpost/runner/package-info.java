/**
 * The program that runs inside an agent container, or as a child process on one machine: it claims
 * a job, prepares the repository, runs the agent, and brings back what came of it.
 *
 * <p>What it starts is not trusted: the agent may do anything that its user may. What it is given
 * is as little as it needs, and what it leaves is read as a stranger's.
 */
package dev.outpost.runner;
