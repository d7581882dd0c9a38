/**
 * The deployment to AWS: an app of two stacks per stage. What it says of the code (routes,
 * handlers, tables, names, the catalogue) it reads from the code.
 */
package dev.outpost.cdk;
