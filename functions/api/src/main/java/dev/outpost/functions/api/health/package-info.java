/** How the installation is doing, for anybody who asks; no tenant's data. */
package dev.outpost.functions.api.health;
