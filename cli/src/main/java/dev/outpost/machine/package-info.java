/**
 * The one-machine runtime: stand-ins of the AWS services that Outpost runs on, behind the SDK's own
 * interfaces, so that no function knows that it is local.
 */
package dev.outpost.machine;
