/** Keys and credentials from Secrets Manager. */
package dev.outpost.secrets;
