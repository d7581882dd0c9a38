/**
 * The one conversion between the domain's records and table items: plain maps with snake_case keys.
 *
 * <p>The DynamoDB adapter, the embedded store and the relay share it, so that an item means the
 * same wherever it lies. {@link dev.outpost.items.Tables} names tables, indexes and key attributes.
 */
package dev.outpost.items;
