/// Containers and executions.
package io.containerkit.engine;
