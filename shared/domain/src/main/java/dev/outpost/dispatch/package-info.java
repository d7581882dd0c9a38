/**
 * A dispatch and its life: what it may become and when.
 *
 * <p>{@link dev.outpost.dispatch.Lifecycle} is the one table of transitions; {@link
 * dev.outpost.dispatch.Dispatches#change} is the only writer of a state.
 */
package dev.outpost.dispatch;
