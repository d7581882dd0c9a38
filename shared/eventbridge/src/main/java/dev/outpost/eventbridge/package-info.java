/** The bus on EventBridge. */
package dev.outpost.eventbridge;
