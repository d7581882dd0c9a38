/** What becomes of a dispatch's change: a branch of its repository, and a pull request. */
package dev.outpost.promote;
