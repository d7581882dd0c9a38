/** Artifacts on S3. */
package dev.outpost.s3;
