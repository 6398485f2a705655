/// One small program for each thing that the library can do: `examples/run` lists and runs them.
package io.containerkit.examples;
