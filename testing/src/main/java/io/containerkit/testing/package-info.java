/// Tests of containers that look behind themselves. No part of what is published.
@org.jspecify.annotations.NullMarked
package io.containerkit.testing;
