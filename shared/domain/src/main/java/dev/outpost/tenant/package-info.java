/** Tenants, their tiers and their API keys. */
package dev.outpost.tenant;
