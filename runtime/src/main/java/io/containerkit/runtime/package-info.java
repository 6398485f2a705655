/// Drives an OCI runtime.
package io.containerkit.runtime;
