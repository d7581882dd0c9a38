/** The Lambda behind the launch queue: starts and stops tasks. */
package dev.outpost.functions.launcher;
