/** The Lambda on the dispatches table's stream: enacts what follows from a change of state. */
package dev.outpost.functions.relay;
