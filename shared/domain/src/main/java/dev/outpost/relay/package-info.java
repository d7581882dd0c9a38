/** What follows from a dispatch's change of state. */
package dev.outpost.relay;
