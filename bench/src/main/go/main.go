// Command go-runc RUNTIME ROOT SCRATCH drives an OCI runtime through containerd's go-runc, as its users do: a log file, a pid
// file, null stdio, and this process as the subreaper that learns how the container's process ended.
//
// It reads and answers the lines that c-loop.c describes.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	runc "github.com/containerd/go-runc"
	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

type peer struct {
	runtime *runc.Runc
	scratch string
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: go-runc RUNTIME ROOT SCRATCH")
		os.Exit(2)
	}
	check(unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
	p := peer{
		runtime: &runc.Runc{
			Command:   os.Args[1],
			Root:      os.Args[2],
			Log:       filepath.Join(os.Args[3], "go-runc.log"),
			LogFormat: runc.JSON,
		},
		scratch: os.Args[3],
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		p.operate(strings.Split(lines.Text(), "\t"))
	}
}

func (p *peer) operate(fields []string) {
	switch {
	case len(fields) == 3 && fields[0] == "lifecycle":
		p.lifecycle(fields[1], fields[2])
	case len(fields) == 3 && fields[0] == "exec":
		p.exec(fields[1], fields[2])
	default:
		check(fmt.Errorf("no such operation: %q", fields))
	}
}

func (p *peer) lifecycle(id, bundle string) {
	ctx, pidFile := context.Background(), filepath.Join(p.scratch, "go-runc.pid")
	begin := now()
	check(p.runtime.Create(ctx, id, bundle, &runc.CreateOpts{IO: null(), PidFile: pidFile}))
	pid, err := runc.ReadPidFile(pidFile)
	check(err)
	created := now()
	check(p.runtime.Start(ctx, id))
	started := now()
	status := wait(pid)
	exited := now()
	check(p.runtime.Delete(ctx, id, nil))
	deleted := now()
	check(os.Remove(pidFile))
	check(os.Remove(p.runtime.Log))
	fmt.Println("ok", status, exited, created-begin, started-created, exited-started, deleted-exited)
}

// exec leaves the runtime in front of the process: an exit status other than 0 is an error to go-runc.
func (p *peer) exec(id, processFile string) {
	data, err := os.ReadFile(processFile)
	check(err)
	var process specs.Process
	check(json.Unmarshal(data, &process))
	pidFile := filepath.Join(p.scratch, "go-runc-exec.pid")
	begin := now()
	check(p.runtime.Exec(context.Background(), id, process, &runc.ExecOpts{IO: null(), PidFile: pidFile}))
	exited := now()
	check(os.Remove(pidFile))
	fmt.Println("ok", 0, exited, exited-begin)
}

// null is for one command only: go-runc closes it once the command has started.
func null() runc.IO {
	io, err := runc.NewNullIO()
	check(err)
	return io
}

// wait reaps a process that became our child when the runtime exited, and returns its status as a shell would.
func wait(pid int) int {
	var status unix.WaitStatus
	for {
		_, err := unix.Wait4(pid, &status, 0, nil)
		if err == unix.EINTR {
			continue
		}
		check(err)
		if status.Signaled() {
			return 128 + int(status.Signal())
		}
		return status.ExitStatus()
	}
}

// now reads the clock that the other peers read.
func now() int64 {
	var t unix.Timespec
	check(unix.ClockGettime(unix.CLOCK_MONOTONIC, &t))
	return t.Nano()
}

// check answers with the problem and ends: a benchmark with a failure in it has no result.
func check(err error) {
	if err != nil {
		fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " "))
		os.Exit(1)
	}
}
