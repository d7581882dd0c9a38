/**
 * What a function rehearses on before its snapshot is taken: clients of AWS that reach nobody, and
 * a dispatch of nobody's.
 */
package dev.outpost.dynamodb.rehearsal;
