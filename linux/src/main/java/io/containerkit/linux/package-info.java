/// The Linux kernel through the Foreign Function API.
package io.containerkit.linux;
