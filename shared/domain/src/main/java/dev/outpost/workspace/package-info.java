/** Work trees that are kept between dispatches: who may have one when, and what is known of it. */
package dev.outpost.workspace;
