package dev.outpost.machine;

import dev.outpost.Ulids;
import dev.outpost.audit.AuditTrail;
import dev.outpost.audit.AuditedTenants;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.fleet.Endings;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.tenant.ApiKeys;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.Tenants;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.Webhooks;
import dev.outpost.workspace.Workspaces;
import java.time.InstantSource;

/**
 * What a machine keeps its state in: the ports, and the two kinds of event source behind the
 * functions. The embedded one is what {@code outpost up} runs on; the end-to-end test runs the same
 * machine on the deployed adapters too.
 */
interface Backend extends AutoCloseable {
  /** The dispatches. */
  Dispatches dispatches();

  /** The tenants. */
  Tenants tenants();

  /** The tenants as an operator changes them. */
  default Tenants administered(InstantSource clock) {
    return new AuditedTenants(tenants(), audit(), new Ulids(clock), clock);
  }

  /** The tenants' context documents. */
  ContextDocuments contextDocuments();

  /** What is kept of the tenants' work trees. */
  Workspaces workspaces();

  /** The keys. */
  ApiKeys apiKeys();

  /** The counts of endings. */
  Endings endings();

  /** The queue of dispatches to look at, to send to. */
  LaunchQueue launchQueue();

  /** The same queue, to receive from. */
  MessageSource launchMessages();

  /** The tenants' webhooks. */
  Webhooks webhooks();

  /** What webhooks are told. */
  Deliveries deliveries();

  /** Who asked for what. */
  AuditTrail audit();

  /** The queue of attempts to tell them, to send to. */
  DeliveryQueue deliveryQueue();

  /** The same queue, to receive from. */
  MessageSource deliveryMessages();

  /** Puts an ECS event into the queue of task events: the target of the event rule. */
  void sendTaskEvent(String event);

  /** The queue of task events, to receive from. */
  MessageSource taskEvents();

  /** The stream of the dispatches table. */
  ChangeSource changes();

  @Override
  void close();
}
