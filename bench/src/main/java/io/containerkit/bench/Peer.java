package io.containerkit.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A peer in a process of its own, as warm as the library is: it does one operation for each line that it gets.
///
/// `bench/src/main/c/c-loop.c` says which lines there are.
final class Peer implements AutoCloseable {

  private final Path program;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  private Peer(Path program, Process process) {
    this.program = program;
    this.process = process;
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  static Peer start(Path program, String... arguments) throws IOException {
    List<String> argv = new ArrayList<>(List.of(program.toString()));
    argv.addAll(Arrays.asList(arguments));
    return new Peer(program, new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /// Has the peer do one operation and waits for its answer.
  Iteration ask(String... fields) throws IOException {
    requests.write(String.join("\t", fields));
    requests.newLine();
    requests.flush();
    String answer = answers.readLine();
    if (answer == null || !answer.startsWith("ok ")) {
      throw new BenchException("%s %s: %s".formatted(program.getFileName(), String.join(" ", fields), answer));
    }
    String[] words = answer.split(" ", -1);
    return new Iteration(
        Integer.parseInt(words[1]),
        Long.parseLong(words[2]),
        Arrays.stream(words).skip(3).map(Long::valueOf).toList());
  }

  /// Ends the peer by the end of its input.
  @Override
  public void close() throws IOException {
    requests.close();
    Shell.await(process);
  }
}
