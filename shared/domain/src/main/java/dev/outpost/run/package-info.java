/**
 * What a run of an agent is given and what it leaves: the vocabulary that the control plane and the
 * runner share.
 *
 * <p>The only package of the domain that {@code agents/} may see. Nothing here knows how it
 * travels; {@code shared/protocol} says that.
 */
package dev.outpost.run;
