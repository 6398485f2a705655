/// The OCI runtime-spec as records.
package io.containerkit.spec;
