/**
 * The domain of Outpost: plain Java without a dependency. Packages are named for what they are
 * about; ports are the interfaces with plural names, and their implementations live beside this
 * module ({@code shared/embedded}, {@code shared/dynamodb}, …).
 */
package dev.outpost;
