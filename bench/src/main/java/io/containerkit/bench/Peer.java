package io.containerkit.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

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
    long[] numbers = numbers(fields);
    return new Iteration((int) numbers[0], numbers[1], Arrays.stream(numbers).skip(2).boxed().toList());
  }

  /// Has the peer run a program to its end, and tells of its needs.
  ///
  /// @param needs gets what it took besides time
  Iteration run(List<String> command, Consumer<Usage> needs) throws IOException {
    List<String> fields = new ArrayList<>(List.of("usage"));
    fields.addAll(command);
    long[] numbers = numbers(fields.toArray(String[]::new));
    needs.accept(new Usage(numbers[3], numbers[4]));
    return new Iteration((int) numbers[0], numbers[1], List.of(numbers[2]));
  }

  /// The numbers of an answer.
  private long[] numbers(String... fields) throws IOException {
    requests.write(String.join("\t", fields));
    requests.newLine();
    requests.flush();
    String answer = answers.readLine();
    if (answer == null || !answer.startsWith("ok ")) {
      throw new BenchException("%s %s: %s".formatted(program.getFileName(), String.join(" ", fields), answer));
    }
    return Arrays.stream(answer.split(" ", -1)).skip(1).mapToLong(Long::parseLong).toArray();
  }

  /// Ends the peer by the end of its input.
  @Override
  public void close() throws IOException {
    requests.close();
    Shell.await(process);
  }
}
