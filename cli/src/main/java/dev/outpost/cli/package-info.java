/** The {@code outpost} command. */
package dev.outpost.cli;
