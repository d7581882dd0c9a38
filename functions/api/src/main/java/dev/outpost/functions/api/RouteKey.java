package dev.outpost.functions.api;

import dev.outpost.tenant.Scope;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The routes of the API, in the order of the documentation: what the function answers and what API
 * Gateway has is made of this one list.
 */
public enum RouteKey {
  /** Accepts a dispatch. */
  CREATE_DISPATCH("POST", "/dispatch", Scope.DISPATCH),
  /** Lists dispatches. */
  LIST_DISPATCHES("GET", "/dispatch", Scope.LIST),
  /** Reads a dispatch. */
  READ_DISPATCH("GET", "/dispatch/{id}", Scope.STATUS),
  /** Cancels a dispatch. */
  CANCEL_DISPATCH("DELETE", "/dispatch/{id}", Scope.CANCEL),
  /** Compares what several agents made of one task. */
  READ_GROUP("GET", "/groups/{id}", Scope.STATUS),
  /** Cancels all of a group that has not ended. */
  CANCEL_GROUP("DELETE", "/groups/{id}", Scope.CANCEL),
  /** Tells where a dispatch's artifacts are. */
  READ_ARTIFACTS("GET", "/artifacts/{id}", Scope.STATUS),
  /** Pushes a dispatch's change as a branch. */
  PROMOTE("POST", "/promote", Scope.PROMOTE),
  /** Lists the tenant's persistent workspaces. */
  LIST_WORKSPACES("GET", "/workspaces", Scope.LIST),
  /** Reads a persistent workspace. */
  READ_WORKSPACE("GET", "/workspaces/{id}", Scope.STATUS),
  /** Deletes a persistent workspace. */
  DELETE_WORKSPACE("DELETE", "/workspaces/{id}", Scope.DELETE),
  /** Lists the names of the tenant's secrets. */
  LIST_SECRETS("GET", "/secrets", Scope.ADMIN),
  /** Keeps a secret of the tenant's. */
  PUT_SECRET("PUT", "/secrets/{id}", Scope.ADMIN),
  /** Forgets a secret of the tenant's. */
  DELETE_SECRET("DELETE", "/secrets/{id}", Scope.ADMIN),
  /** Reads the tenant's standing context document. */
  READ_CONTEXT("GET", "/context", Scope.ADMIN),
  /** Sets the tenant's standing context document. */
  PUT_CONTEXT("PUT", "/context", Scope.ADMIN),
  /** Removes the tenant's standing context document. */
  DELETE_CONTEXT("DELETE", "/context", Scope.ADMIN),
  /** Registers a webhook of the tenant's. */
  CREATE_WEBHOOK("POST", "/webhooks", Scope.ADMIN),
  /** Lists the tenant's webhooks. */
  LIST_WEBHOOKS("GET", "/webhooks", Scope.ADMIN),
  /** Reads a webhook. */
  READ_WEBHOOK("GET", "/webhooks/{id}", Scope.ADMIN),
  /** Removes a webhook. */
  DELETE_WEBHOOK("DELETE", "/webhooks/{id}", Scope.ADMIN),
  /** Gives a webhook another secret. */
  ROTATE_WEBHOOK("POST", "/webhooks/{id}/rotate", Scope.ADMIN),
  /** Has a webhook told again. */
  ENABLE_WEBHOOK("POST", "/webhooks/{id}/enable", Scope.ADMIN),
  /** Lists what a webhook was told. */
  LIST_DELIVERIES("GET", "/webhooks/{id}/deliveries", Scope.ADMIN),
  /** Tells a webhook once more. */
  REPLAY_DELIVERY("POST", "/webhooks/{id}/replay", Scope.ADMIN),
  /** Lists who asked for what. */
  LIST_AUDIT("GET", "/audit", Scope.ADMIN),
  /** Tells whether all is well. */
  HEALTH("GET", "/health"),
  /** Tells whether requests can be answered. */
  HEALTH_READY("GET", "/health/ready"),
  /** Tells that the function runs. */
  HEALTH_LIVE("GET", "/health/live"),
  /** Tells how the agents do. */
  HEALTH_FLEET("GET", "/health/fleet");

  private final String method;
  private final String path;
  private final Optional<Scope> scope;

  RouteKey(String method, String path, Scope scope) {
    this.method = method;
    this.path = path;
    this.scope = Optional.of(Objects.requireNonNull(scope, "scope"));
  }

  RouteKey(String method, String path) {
    this.method = method;
    this.path = path;
    this.scope = Optional.empty();
  }

  /** The HTTP method. */
  public String method() {
    return method;
  }

  /** The path; may have one {@value Route#ID}. */
  public String path() {
    return path;
  }

  /** The scope that a key needs; empty for a route that is open to everybody. */
  Optional<Scope> scope() {
    return scope;
  }

  /** What the audit calls an act by this route; for a dispatch's acceptance {@code Admit.ACT}. */
  String act() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether what is asked for is written down by itself, before it is done: every act that changes
   * something, but for the acceptance of a dispatch, which writes its own record in its own
   * transaction.
   */
  boolean writtenDown() {
    return authorised() && !method.equals("GET") && this != CREATE_DISPATCH;
  }

  /** As API Gateway writes it, e.g. {@code GET /dispatch/{id}}. */
  public String key() {
    return method + " " + path;
  }

  /** Whether the authoriser is asked first. */
  public boolean authorised() {
    return scope.isPresent();
  }
}
