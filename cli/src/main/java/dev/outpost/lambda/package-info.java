/**
 * Lambda on this machine, as far as a function can tell: its packages run as they are deployed,
 * each in a process of its own under AWS's runtime interface client, for the tests and for {@code
 * outpost bench cold}.
 */
package dev.outpost.lambda;
