/**
 * AWS services in memory and virtual time, as far as Outpost calls them: what the simulator runs
 * on. They keep to what the services document and to nothing more; what goes wrong on the way to
 * them is not theirs. One conformance suite holds each against the real thing that we have.
 */
package dev.outpost.simulation.aws;
