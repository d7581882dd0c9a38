/**
 * The edge of the functions: what comes from outside (HTTP events, environment, the catalogue file)
 * is parsed here once, and what goes back to clients is shaped here once.
 */
package dev.outpost.edge;
