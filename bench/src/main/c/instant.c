/*
 * instant [OPTION VALUE]... COMMAND [ARG]...: as much of an OCI runtime as there is without containers, for warming up.
 *
 * create leaves a process that waits, start ends it, exec runs one that ends after 3 ms, and delete forgets it. What a library does
 * around a runtime becomes as warm by a thousand of these, in two seconds, as by a thousand containers in a minute.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *root = "/nonexistent", *pid_file;

static void check(int result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
}

static void end(int signal) {
    (void) signal;
    _exit(0);
}

static void write_pid(const char *path, pid_t pid) {
    char text[16];
    int length = snprintf(text, sizeof text, "%d", pid);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    check(fd, path);
    check((int) write(fd, text, (size_t) length), path);
    close(fd);
}

static pid_t read_pid(const char *path) {
    char text[16] = "";
    int fd = open(path, O_RDONLY);
    check(fd, path);
    check((int) read(fd, text, sizeof text - 1), path);
    close(fd);
    return (pid_t) atoi(text);
}

static int create(const char *directory, const char *state) {
    check(mkdir(directory, 0700), directory);
    signal(SIGUSR1, end); /* before there is anybody to be signalled */
    pid_t pid = fork();
    check(pid, "fork");
    if (pid == 0) {
        while (1) pause();
    }
    write_pid(state, pid);
    write_pid(pid_file, pid);
    return 0;
}

static int exec(void) {
    pid_t pid = fork();
    check(pid, "fork");
    if (pid == 0) {
        usleep(3000);
        _exit(0);
    }
    write_pid(pid_file, pid);
    check(waitpid(pid, NULL, 0), "waitpid");
    return 0;
}

int main(int argc, char **argv) {
    char directory[PATH_MAX], state[PATH_MAX + 8];
    const char *command = "", *id = argv[argc - 1];
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--version") == 0) {
            puts("crun version 1.8.1\nspec: 1.0.0");
            return 0;
        }
        if (strncmp(argv[i], "--", 2) != 0) {
            command = *command ? command : argv[i];
        } else if (i + 1 < argc) {
            if (strcmp(argv[i], "--root") == 0) root = argv[i + 1];
            if (strcmp(argv[i], "--pid-file") == 0) pid_file = argv[i + 1];
            i++;
        }
    }
    snprintf(directory, sizeof directory, "%s/%s", root, id);
    snprintf(state, sizeof state, "%s/pid", directory);
    if (strcmp(command, "create") == 0) return create(directory, state);
    if (strcmp(command, "exec") == 0) return exec();
    if (strcmp(command, "start") == 0) {
        check(kill(read_pid(state), SIGUSR1), "kill");
        return 0;
    }
    if (strcmp(command, "delete") == 0) {
        check(unlink(state), state);
        check(rmdir(directory), directory);
        return 0;
    }
    fprintf(stderr, "no such command: %s\n", command);
    return 1;
}
