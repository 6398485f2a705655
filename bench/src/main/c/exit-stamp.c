/*
 * exit-stamp FILE: writes the monotonic clock to FILE as the last thing before it exits.
 *
 * It first gives whoever started it the time to begin to wait.
 * The kernel still has to tear the process down after that, so a latency counted from here is an upper bound.
 */
#include "peer.h"

#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0) return 3;
    usleep(10000);
    int64_t stamp = now();
    _exit(write(fd, &stamp, sizeof stamp) == sizeof stamp ? 0 : 4);
}
