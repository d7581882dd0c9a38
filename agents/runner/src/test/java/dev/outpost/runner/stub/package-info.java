/**
 * A model's provider on loopback that speaks the protocols of the agents' programs: it has them
 * edit one file with their own tools, and misbehaves when the task asks it to.
 */
package dev.outpost.runner.stub;
