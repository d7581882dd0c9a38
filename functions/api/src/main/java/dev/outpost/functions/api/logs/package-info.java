/** Where the lines are that runners print. */
package dev.outpost.functions.api.logs;
