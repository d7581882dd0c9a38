/**
 * How runner and gateway talk: the JSON of {@code POST /runner/claim} and {@code POST
 * /runner/report}.
 *
 * <p>The runner is trusted as little as any client: every field is checked on arrival, and a body
 * that breaks the form is a {@link dev.outpost.protocol.MalformedMessage}.
 */
package dev.outpost.protocol;
