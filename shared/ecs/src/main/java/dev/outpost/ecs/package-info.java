/** Runs as ECS tasks on Fargate; {@code dev.outpost.ecs.event} reads what ECS tells of them. */
package dev.outpost.ecs;
