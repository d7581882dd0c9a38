/** The catalogue of coding agents: what each is called, needs and runs. */
package dev.outpost.agent;
