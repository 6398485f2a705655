package io.containerkit.cli;

/// What was asked of ckit: one record per command, made of the command line by its [Grammar]. Immutable, and tested without root.
interface Command {}
