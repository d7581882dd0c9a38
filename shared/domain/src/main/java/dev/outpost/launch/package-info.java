/** From a waiting dispatch to a started task, and to a stopped one. */
package dev.outpost.launch;
