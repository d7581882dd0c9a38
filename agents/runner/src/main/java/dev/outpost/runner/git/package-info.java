/**
 * The repository: how it gets into the work tree, and how the change gets out as a patch.
 *
 * <p>The work tree belongs to the agent, its {@code .git} included, and may be anything when the
 * agent is done with it. The patch is therefore never taken with that {@code .git}: the objects of
 * the base commit are copied aside at once, and a new repository of our own borrows them when the
 * patch is taken (see {@link dev.outpost.runner.git.Patch}).
 */
package dev.outpost.runner.git;
