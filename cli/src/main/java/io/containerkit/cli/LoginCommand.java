package io.containerkit.cli;

import io.containerkit.image.Credential;
import io.containerkit.image.ImageReference;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `ckit login`: keeps a name and password for a registry, if the registry takes them.
///
/// @param registry host and port
/// @param password empty to read it from standard input, or else ask for it
record LoginCommand(String registry, Optional<String> user, Optional<String> password, boolean fromInput, RegistryFlags flags)
    implements Command {

  private static final int LONGEST = 1 << 16;

  static Grammar grammar() {
    Flags flags =
        new Flags()
            .value("u", "username", "NAME", "Who asks; asked for on a terminal without it.")
            .value("p", "password", "PASSWORD", "The password; others can see it in the list of processes.")
            .toggle("password-stdin", "Reads the password from standard input.");
    RegistryFlags.describeFile(flags);
    return Grammar.of(
        "login",
        "[REGISTRY]",
        "Keeps a name and password for a registry",
        """
        They are kept where docker login keeps them: in the helper program that is named there, if there
        is one.

          ckit login -u me --password-stdin registry.example:5000 <token
        """,
        flags,
        0,
        1,
        LoginCommand::of);
  }

  static LoginCommand of(Arguments arguments) {
    if (arguments.has("password") && arguments.has("password-stdin")) {
      throw arguments.mistake("--password and --password-stdin exclude each other");
    }
    if (arguments.has("password-stdin") && !arguments.has("username")) {
      throw arguments.mistake("--password-stdin needs --username");
    }
    return new LoginCommand(
        registry(arguments), arguments.text("username"), arguments.text("password"), arguments.has("password-stdin"), RegistryFlags.of(arguments));
  }

  /// The registry that the operand names, also as the URL that docker's documentation has.
  static String registry(Arguments arguments) {
    String text = arguments.optionalOperand(0).orElse(ImageReference.DOCKER_HUB);
    int scheme = text.indexOf("://");
    String host = scheme < 0 ? text : text.substring(scheme + 3);
    int slash = host.indexOf('/');
    host = slash < 0 ? host : host.substring(0, slash);
    String registry = host.equals("index.docker.io") ? ImageReference.DOCKER_HUB : host;
    return new ImageReference(registry, "any", null, null).registry();
  }

  @Override
  public int run(Session session) throws InterruptedException {
    Console console = user.isPresent() && (password.isPresent() || fromInput) ? null : System.console();
    String name = user.orElseGet(() -> asked(console, "Username: "));
    String secret = fromInput ? input() : password.orElseGet(() -> secret(console));
    session.images(flags, registry).login(registry, new Credential.Password(name, secret));
    session.out().println("Login succeeded");
    return 0;
  }

  private static String asked(@Nullable Console console, String prompt) {
    String answer = console == null ? null : console.readLine("%s", prompt);
    if (answer == null || answer.isEmpty()) {
      throw new UsageException("login: no name; give --username");
    }
    return answer;
  }

  private static String secret(@Nullable Console console) {
    char[] answer = console == null ? null : console.readPassword("%s", "Password: ");
    if (answer == null || answer.length == 0) {
      throw new UsageException("login: no password; give --password-stdin");
    }
    return new String(answer);
  }

  private static String input() {
    try {
      String text = new String(System.in.readNBytes(LONGEST), StandardCharsets.UTF_8);
      String line = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
      String secret = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      if (secret.isEmpty()) {
        throw new UsageException("login: standard input is empty: no password");
      }
      return secret;
    } catch (IOException e) {
      throw HostFacts.failure("read", Path.of("standard input"), e);
    }
  }
}
