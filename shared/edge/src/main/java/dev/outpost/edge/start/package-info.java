/** How an instance of a function gets ready for its first client. */
package dev.outpost.edge.start;
