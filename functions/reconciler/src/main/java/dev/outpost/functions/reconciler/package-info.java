/** The Lambda on a schedule: settles what no event told. */
package dev.outpost.functions.reconciler;
