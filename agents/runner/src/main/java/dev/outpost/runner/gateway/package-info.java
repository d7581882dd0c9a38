/**
 * The runner's side of the runner protocol, and the uploads.
 *
 * <p>Over {@code HttpURLConnection}: its first answer takes about 45 ms where that of {@code
 * java.net.http} takes 300 (2 cores, C1), and each dispatch pays for it. Every body is streamed
 * with a fixed length, which also keeps it from silently sending a request again.
 */
package dev.outpost.runner.gateway;
