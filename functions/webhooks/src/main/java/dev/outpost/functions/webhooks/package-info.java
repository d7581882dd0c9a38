/** The Lambda behind the queue of deliveries: tells webhooks. */
package dev.outpost.functions.webhooks;
