/** Level beats edge: finds what no event told, and settles it. */
package dev.outpost.reconcile;
