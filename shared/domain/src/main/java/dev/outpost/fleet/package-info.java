/** How the installation as a whole is doing; no tenant's data. */
package dev.outpost.fleet;
