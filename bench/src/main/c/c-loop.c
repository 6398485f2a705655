/*
 * c-loop RUNTIME ROOT SCRATCH: the least that anyone can do to drive an OCI runtime, to compare the library with.
 *
 * It does what the library does and no more: one posix_spawn for each command with exactly three fds and clean signals,
 * a JSON log file for each command, a pid file, a pidfd of the container's process and its true exit status.
 *
 * Each line on stdin is one operation, its fields separated by tabs:
 *
 *     lifecycle ID BUNDLE     create, start, wait, delete; four times
 *     exec ID PROCESS         runs the process of that JSON file in container ID and waits for it; one time
 *     run PROGRAM ARG...      runs any program to its end; one time
 *     usage PROGRAM ARG...    the same, then the processor time and the largest resident memory of it and what it waited for
 *
 * Each answer is one line: `ok STATUS EXIT NANOS...`, where EXIT is the monotonic time at which the exit was known;
 * or `error` and why, which ends it. Memory is in bytes.
 */
#define _GNU_SOURCE
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_FIELDS = 64 };

extern char **environ;

static const char *runtime, *root, *scratch;

/* Answers with the problem and ends: a benchmark with a failure in it has no result. */
__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("error ", stdout);
    vprintf(format, arguments);
    va_end(arguments);
    puts("");
    exit(1);
}

/* A shell's view of a wait status. */
static int status_of(int wait_status) {
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

/* Runs a program with stdin and stdout on /dev/null, stderr on `err`, and nothing else open. */
static pid_t spawn(char *const argv[], int err) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    pid_t pid;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, err, 2);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    int error = posix_spawn(&pid, argv[0], &files, &attributes, argv, environ);
    if (error != 0) fail("posix_spawn %s: %s", argv[0], strerror(error));
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return pid;
}

static int reap(pid_t pid) {
    int wait_status;
    if (waitpid(pid, &wait_status, 0) != pid) fail("waitpid %d: %s", pid, strerror(errno));
    return status_of(wait_status);
}

/*
 * Runs one command of the runtime and returns its status. Its stderr is read here, unless a process in the container is to
 * inherit it: then it is /dev/null.
 */
static int command(const char *name, bool inherited, char *const arguments[]) {
    char log[PATH_MAX], message[4096] = "";
    char *argv[MAX_FIELDS] = {(char *) runtime, "--root", (char *) root, "--log", log, "--log-format", "json", (char *) name};
    int count = 8;
    while ((argv[count] = *arguments++) != NULL) count++;
    snprintf(log, sizeof log, "%s/c-loop-%s.log", scratch, name);

    pid_t pid;
    if (inherited) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        pid = spawn(argv, null);
        close(null);
    } else {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe2: %s", strerror(errno));
        pid = spawn(argv, ends[1]);
        close(ends[1]);
        while (read(ends[0], message, sizeof message - 1) > 0) continue;
        close(ends[0]);
    }
    int status = reap(pid);
    if (status != 0) fail("%s %s: status %d: %s; see %s", runtime, name, status, message, log);
    unlink(log);
    return status;
}

/* Takes the pid out of a file that the runtime wrote. */
static pid_t take_pid(const char *path) {
    char text[32];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (n <= 0) fail("pid file %s: %s", path, strerror(errno));
    close(fd);
    unlink(path);
    text[n] = 0;
    return (pid_t) strtol(text, NULL, 10);
}

/* What the wait for a process that is not our child needs. */
struct process {
    pid_t pid;
    int pidfd;
};

static struct process open_process(pid_t pid) {
    int fd = (int) syscall(SYS_pidfd_open, pid, 0);
    if (fd < 0) fail("pidfd_open %d: %s", pid, strerror(errno));
    return (struct process) {.pid = pid, .pidfd = fd};
}

/* Waits until the process is a zombie, which nobody has reaped yet, and takes its wait status out of its stat. */
static int status_by_pidfd(struct process process) {
    struct pollfd exited = {.fd = process.pidfd, .events = POLLIN};
    if (poll(&exited, 1, 10000) != 1) fail("no exit within 10 s");
    char path[64], stat[2048];
    snprintf(path, sizeof path, "/proc/%d/stat", process.pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, stat, sizeof stat - 1);
    if (n <= 0) fail("%s: %s: it was reaped by another before its status could be read", path, strerror(errno));
    close(fd);
    close(process.pidfd);
    stat[n] = 0;
    return status_of((int) strtol(strrchr(stat, ' '), NULL, 10));
}

static void lifecycle(char *id, char *bundle) {
    char pid_file[PATH_MAX];
    int64_t begin, created, started, exited, deleted;
    snprintf(pid_file, sizeof pid_file, "%s/c-loop.pid", scratch);

    begin = now();
    command("create", true, (char *[]){"--bundle", bundle, "--pid-file", pid_file, id, NULL});
    struct process process = open_process(take_pid(pid_file));
    created = now();
    command("start", false, (char *[]){id, NULL});
    started = now();
    int status = status_by_pidfd(process);
    exited = now();
    command("delete", false, (char *[]){id, NULL});
    deleted = now();

    printf("ok %d %ld %ld %ld %ld %ld\n", status, exited, created - begin, started - created, exited - started, deleted - exited);
}

/* The runtime stays as the parent of the process, and its status is the process's. */
static void exec(char *id, char *process_file) {
    char pid_file[PATH_MAX];
    snprintf(pid_file, sizeof pid_file, "%s/c-loop-exec.pid", scratch);
    int64_t begin = now();
    int status = command("exec", true, (char *[]){"--process", process_file, "--pid-file", pid_file, id, NULL});
    int64_t exited = now();
    take_pid(pid_file);
    printf("ok %d %ld %ld\n", status, exited, exited - begin);
}

static void run(char *const argv[]) {
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int64_t begin = now();
    int status = reap(spawn(argv, null));
    int64_t end = now();
    close(null);
    printf("ok %d %ld %ld\n", status, end, end - begin);
}

static void usage(char *const argv[]) {
    struct rusage used;
    int wait_status, null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int64_t begin = now();
    pid_t pid = spawn(argv, null);
    if (wait4(pid, &wait_status, 0, &used) != pid) fail("wait4 %d: %s", pid, strerror(errno));
    int64_t end = now();
    close(null);
    int64_t micros = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
    printf("ok %d %ld %ld %ld %ld\n", status_of(wait_status), end, end - begin, micros * 1000, used.ru_maxrss * 1024);
}

static void operate(char *line) {
    char *fields[MAX_FIELDS] = {NULL};
    int count = 0;
    for (char *field = strtok(line, "\t\n"); field && count < MAX_FIELDS - 1; field = strtok(NULL, "\t\n")) {
        fields[count++] = field;
    }
    if (count == 3 && strcmp(fields[0], "lifecycle") == 0) {
        lifecycle(fields[1], fields[2]);
    } else if (count == 3 && strcmp(fields[0], "exec") == 0) {
        exec(fields[1], fields[2]);
    } else if (count > 1 && strcmp(fields[0], "run") == 0) {
        run(fields + 1);
    } else if (count > 1 && strcmp(fields[0], "usage") == 0) {
        usage(fields + 1);
    } else {
        fail("no such operation: %s", count > 0 ? fields[0] : "");
    }
}

int main(int argc, char **argv) {
    char line[8192];
    if (argc != 4) {
        fputs("usage: c-loop RUNTIME ROOT SCRATCH\n", stderr);
        return 2;
    }
    runtime = argv[1];
    root = argv[2];
    scratch = argv[3];
    while (fgets(line, sizeof line, stdin)) {
        operate(line);
        fflush(stdout);
    }
    return 0;
}
