/** The commands that are clients of the HTTP API, here or anywhere. */
package dev.outpost.cli.client;
