/** Pushing branches and opening pull requests: the ports of promotion on JGit and GitHub's API. */
package dev.outpost.functions.api.promote;
