/**
 * Keeps secrets out of all that leaves a run.
 *
 * <p>Two sources of knowledge: the job's own secrets, in the encodings in which programs print
 * them, and rules for the shapes of well-known tokens. One pass over the text decides with one
 * table look-up a character whether anything could begin there; only then is it looked at.
 */
package dev.outpost.runner.scrub;
