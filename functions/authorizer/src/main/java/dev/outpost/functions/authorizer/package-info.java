/** Finds out who sends a request, by its API key, with one read. */
package dev.outpost.functions.authorizer;
