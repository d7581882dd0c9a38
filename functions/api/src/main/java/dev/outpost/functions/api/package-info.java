/**
 * The HTTP API that clients use: one class for each thing they can ask, and a handler that parses,
 * routes and answers.
 */
package dev.outpost.functions.api;
