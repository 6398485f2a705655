/// Comparisons with peers.
package io.containerkit.bench;
