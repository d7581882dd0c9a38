/** The way from a command line to the running machine: a Unix domain socket. */
package dev.outpost.cli.control;
