/**
 * Keeps an agent's conversation at the end of a run, and brings it back in one that continues it.
 */
package dev.outpost.runner.session;
