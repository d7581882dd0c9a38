/** How a run learns that it is to end before its time. */
package dev.outpost.runner.stop;
