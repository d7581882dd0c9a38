/**
 * What agents print, read into log messages, a summary, the usage and a verdict. One small class
 * for each form that is known.
 */
package dev.outpost.runner.output;
