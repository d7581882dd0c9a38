/** Webhooks: endpoints of a tenant's own that are told of its dispatches by HTTP. */
package dev.outpost.webhook;
