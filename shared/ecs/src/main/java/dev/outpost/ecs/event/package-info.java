/**
 * What ECS says of a task, as an event of its dispatch. Parsed maps in, the domain's events out:
 * nothing here needs the AWS SDK, so that the function which folds these events in is not burdened
 * with it.
 */
package dev.outpost.ecs.event;
