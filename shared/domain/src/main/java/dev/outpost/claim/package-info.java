/** What a runner gets, and what it tells. */
package dev.outpost.claim;
