/**
 * Structured output: a client's JSON Schema (draft 2020-12 unless it names another), and whether a
 * document is as it wants. Nothing is ever fetched: a schema must hold all that it refers to.
 */
package dev.outpost.schema;
