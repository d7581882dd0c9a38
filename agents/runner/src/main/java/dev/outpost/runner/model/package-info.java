/**
 * The model gateway: the one way from an agent to its model. It holds the real credential, meters
 * what passes and ends the run when its budget is used up. What it read of prompts and answers it
 * neither keeps nor logs.
 */
package dev.outpost.runner.model;
