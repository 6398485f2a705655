package io.containerkit.bench;

import io.containerkit.spec.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The three that drive one OCI runtime: a C loop, this library, and go-runc where Go is installed.
///
/// They share the runtime's state directory, and each names its containers after itself.
final class Rivals implements AutoCloseable {

  static final String C_LOOP = "C loop";
  static final String LIBRARY = "containerkit";
  static final String GO_RUNC = "go-runc";

  private final Path runtime;
  private final Path scratch;
  private final Library library;
  private final Peer cLoop;
  private final List<Peer> goRunc;
  private final AtomicInteger ids = new AtomicInteger();

  private Rivals(Path runtime, Path scratch, Library library, Peer cLoop, List<Peer> goRunc) {
    this.runtime = runtime;
    this.scratch = scratch;
    this.library = library;
    this.cLoop = cLoop;
    this.goRunc = List.copyOf(goRunc);
  }

  static Rivals on(Bench bench, String runtime) throws IOException {
    Path program = Machine.find(runtime);
    Path root = bench.workspace().directory("root-" + program.getFileName());
    Path scratch = bench.workspace().directory("scratch");
    Path goRunc = bench.options().peers().resolve("go-runc");
    List<Peer> goPeers = new ArrayList<>();
    if (Files.isExecutable(goRunc)) {
      goPeers.add(Peer.start(goRunc, program.toString(), root.toString(), scratch.toString()));
    } else {
      bench.say("go-runc is left out: there was no Go to build it with\n");
    }
    return new Rivals(
        program,
        scratch,
        new Library(program, root),
        Peer.start(bench.options().peers().resolve("c-loop"), program.toString(), root.toString(), scratch.toString()),
        goPeers);
  }

  /// The runtime's own name.
  String name() {
    return runtime.getFileName().toString();
  }

  Library library() {
    return library;
  }

  /// Those who create, start, wait for and delete a container of that bundle.
  List<Contender> lifecycles(Path bundle) {
    List<Contender> contenders = new ArrayList<>(List.of(
        new Contender(C_LOOP, () -> cLoop.ask("lifecycle", id("c"), bundle.toString())),
        new Contender(LIBRARY, () -> library.lifecycle(id("k"), bundle))));
    goRunc.forEach(peer -> contenders.add(new Contender(GO_RUNC, () -> peer.ask("lifecycle", id("go"), bundle.toString()))));
    return contenders;
  }

  /// Those who run that process in that container, which is there already.
  List<Contender> execs(String container, ProcessSpec process) {
    String file = processFile(process).toString();
    List<Contender> contenders = new ArrayList<>(List.of(
        new Contender(C_LOOP, () -> cLoop.ask("exec", container, file)),
        new Contender(LIBRARY, () -> library.exec(container, process))));
    goRunc.forEach(peer -> contenders.add(new Contender(GO_RUNC, () -> peer.ask("exec", container, file))));
    return contenders;
  }

  private Path processFile(ProcessSpec process) {
    Path file = scratch.resolve("process.json");
    process.write(file);
    return file;
  }

  private String id(String of) {
    return "bench-" + of + ids.incrementAndGet();
  }

  @Override
  public void close() throws IOException {
    cLoop.close();
    for (Peer peer : goRunc) {
      peer.close();
    }
  }
}
