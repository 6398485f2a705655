package io.containerkit.image;

import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.ObjectReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A program `docker-credential-NAME` on the PATH that keeps credentials. It gets the registry on its standard input and
/// answers in JSON on its standard output (the protocol of docker-credential-helpers).
final class CredentialHelper {

  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int LONGEST_ANSWER = 64 << 10;
  // The name comes from a file and becomes the name of a program.
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");

  private final String program;
  private final String searchPath;
  private final Duration deadline;

  /// @param searchPath the directories where the program is looked for, as the variable PATH has them
  CredentialHelper(String name, String searchPath) {
    this(name, searchPath, DEADLINE);
  }

  CredentialHelper(String name, String searchPath, Duration deadline) {
    if (!NAME.matcher(name).matches()) {
      throw new ImageException(
          ErrorKind.INVALID_CONFIG, name, "the credential helper " + Quoted.of(name) + " is not a name", null);
    }
    this.program = "docker-credential-" + name;
    this.searchPath = searchPath;
    this.deadline = deadline;
  }

  Credential get(String server) throws InterruptedException {
    var answer = run("get", server);
    if (answer.status != 0) {
      if (answer.text.contains("credentials not found")) {
        return Credential.ANONYMOUS;
      }
      throw failed("get", answer, "it failed for " + server, answer.unread);
    }
    var in = ObjectReader.of(Json.readObject(answer.text), program);
    var username = in.string("Username");
    var secret = in.string("Secret");
    if (secret.isEmpty()) {
      return Credential.ANONYMOUS;
    }
    return username.equals("<token>")
        ? new Credential.IdentityToken(secret)
        : new Credential.Password(username, secret);
  }

  void store(String server, Credential.Password password) throws InterruptedException {
    var json =
        JsonObject.EMPTY
            .with("ServerURL", server)
            .with("Username", password.username())
            .with("Secret", password.password());
    var answer = run("store", Json.write(json));
    if (answer.status != 0) {
      throw failed("store", answer, "it failed for " + server, answer.unread);
    }
  }

  void erase(String server) throws InterruptedException {
    var answer = run("erase", server);
    if (answer.status != 0 && !answer.text.contains("credentials not found")) {
      throw failed("erase", answer, "it failed for " + server, answer.unread);
    }
  }

  /// @param text what it wrote to standard output, where helpers write their complaints too
  /// @param unread that it did not read its input, or null
  private record Answer(int status, String text, @Nullable IOException unread) {}

  private Answer run(String action, String input) throws InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(executable(action), action).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw failed(action, null, "it cannot be run", e);
    }
    try {
      var output = new FutureTask<>(() -> process.getInputStream().readNBytes(LONGEST_ANSWER + 1));
      Thread.ofVirtual().start(output);
      IOException unread = null;
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        unread = e; // It may answer all the same; if it fails, this is a part of why.
      }
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed(action, null, "it did not answer within " + deadline.toMillis() + " ms", null);
      }
      var bytes = output.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      if (bytes.length > LONGEST_ANSWER) {
        throw failed(action, null, "it answered with more than " + LONGEST_ANSWER + " bytes", null);
      }
      return new Answer(process.exitValue(), new String(bytes, StandardCharsets.UTF_8).strip(), unread);
    } catch (ExecutionException | TimeoutException e) {
      throw failed(action, null, "its answer cannot be read", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private String executable(String action) {
    return Arrays.stream(searchPath.split(":", -1))
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> failed(action, null, "it is not on the PATH; install it, or take it out of config.json", null))
        .toString();
  }

  private CommandException failed(
      String action, @Nullable Answer answer, String why, @Nullable Throwable cause) {
    // What `get` wrote could hold the secret: only a failed answer is shown.
    var said = answer == null || answer.status == 0 ? "" : Quoted.plain(answer.text);
    return new CommandException(
        ErrorKind.IO,
        program + " " + action + ": " + why + (said.isEmpty() ? "" : ": " + said),
        List.of(program, action),
        answer == null ? OptionalInt.empty() : OptionalInt.of(answer.status),
        said,
        List.of(),
        cause);
  }
}
