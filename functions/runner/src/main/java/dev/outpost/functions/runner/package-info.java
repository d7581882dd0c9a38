/** The runner gateway: the Lambda that runners claim from and report to. */
package dev.outpost.functions.runner;
