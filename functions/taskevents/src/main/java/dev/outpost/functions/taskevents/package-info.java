/** The Lambda behind the queue of ECS task-state events. */
package dev.outpost.functions.taskevents;
