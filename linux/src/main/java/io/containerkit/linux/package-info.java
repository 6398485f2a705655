/// The Linux kernel, typed: processes by pidfd, one epoll loop for every exit and pipe, terminals, mounts, namespaces, cgroups.
///
/// Every system call that fails becomes a [KernelException][io.containerkit.spec.KernelException] that names the call and what it
/// was applied to. Nothing here blocks a carrier thread for long: whatever waits parks, and the [EventLoop] unparks it.
package io.containerkit.linux;
