/**
 * The agents' own programs on this machine: where they lie, what is there, and their installation
 * in exact versions.
 */
package dev.outpost.cli.agents;
