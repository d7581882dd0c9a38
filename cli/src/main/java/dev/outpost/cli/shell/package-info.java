/** What a command knows of the shell it was typed in, and how it answers there. */
package dev.outpost.cli.shell;
