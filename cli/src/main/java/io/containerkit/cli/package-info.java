/// The ckit command.
package io.containerkit.cli;
