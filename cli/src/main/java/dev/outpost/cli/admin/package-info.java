/** The commands that administer tenants and keys, on the ports and nothing else. */
package dev.outpost.cli.admin;
