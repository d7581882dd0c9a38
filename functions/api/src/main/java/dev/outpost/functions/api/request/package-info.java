/**
 * What a client may ask for in {@code POST /dispatch}: one small class for each rule. A request
 * that breaks rules hears of all of them at once, each with a sentence that says how to mend it;
 * whatever is accepted is honoured.
 */
package dev.outpost.functions.api.request;
