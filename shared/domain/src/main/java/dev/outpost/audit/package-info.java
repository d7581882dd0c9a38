/** The audit: who asked for what, written down before it is done and never changed again. */
package dev.outpost.audit;
