/** A work tree as one file, on its way from one run to the next. */
package dev.outpost.runner.archive;
