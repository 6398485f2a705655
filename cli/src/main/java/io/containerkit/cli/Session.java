package io.containerkit.cli;

import io.containerkit.engine.Adjustment;
import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.ContainerKitBuilder;
import io.containerkit.engine.Volumes;
import io.containerkit.image.Images;
import io.containerkit.image.ImagesBuilder;
import io.containerkit.linux.ExitStatus;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.LogEntry;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one run of ckit works with: where it prints, and the engine, opened on first use.
final class Session implements AutoCloseable {

  private final PrintStream out;
  private final PrintStream err;
  private GlobalFlags flags = GlobalFlags.NONE;
  private @Nullable ContainerKit kit;
  private @Nullable Images images;
  private final List<Images> otherImages = new ArrayList<>();

  Session(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /// Where results go.
  PrintStream out() {
    return out;
  }

  /// Where what is not a result goes.
  PrintStream err() {
    return err;
  }

  GlobalFlags flags() {
    return flags;
  }

  void flags(GlobalFlags flags) {
    this.flags = flags;
  }

  /// The engine that the flags before the command describe.
  ContainerKit kit() {
    ContainerKit open = kit;
    if (open == null) {
      open = builder().open();
      kit = open;
    }
    return open;
  }

  /// The same engine, not opened.
  ContainerKitBuilder builder() {
    ContainerKitBuilder builder = ContainerKit.builder();
    flags.configure(builder);
    return builder;
  }

  /// The images of this machine. No runtime is needed for them.
  Images images() {
    Images open = images;
    if (open == null) {
      open = imagesBuilder().open();
      images = open;
    }
    return open;
  }

  /// The images of this machine, with a registry reached as these flags say.
  Images images(RegistryFlags how, String registry) {
    if (how.areUsual()) {
      return images();
    }
    ImagesBuilder builder = imagesBuilder();
    how.configure(builder, registry);
    Images open = builder.open();
    otherImages.add(open);
    return open;
  }

  /// The volumes of this machine. No runtime is needed for them.
  Volumes volumes() {
    return flags.volumes().isPresent() ? Volumes.open(flags.volumes().get()) : Volumes.open();
  }

  private ImagesBuilder imagesBuilder() {
    ImagesBuilder builder = Images.builder();
    flags.images().ifPresent(builder::root);
    return builder;
  }

  /// A container that exists.
  ///
  /// @throws EngineException of kind `NOT_FOUND` if it does not
  Container container(String id) {
    return kit()
        .find(id)
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorKind.NOT_FOUND, id, "container \"" + id + "\" does not exist; ckit list shows those that do", null));
  }

  /// What is done with each of several containers.
  interface Action {
    void on(Container container) throws InterruptedException;
  }

  /// Does something with each of these containers. One failure does not keep the others from their turn.
  ///
  /// @return the exit code of the first failure, or 0
  int each(List<String> ids, Action action) throws InterruptedException {
    int code = 0;
    for (String id : ids) {
      try (Container container = container(id)) {
        action.on(container);
      } catch (ContainerException e) {
        complain(e);
        code = code == 0 ? exitCode(e) : code;
      }
    }
    return code;
  }

  /// The exit code of ckit for a failure. 126 and 127 speak of the program in the container, of which only the runtime tells; whatever
  /// else is missing or not allowed is a failure of ckit's own.
  static int exitCode(ContainerException failure) {
    return failure instanceof CommandException ? failure.kind().exitCode() : Main.FAILED;
  }

  /// The exit code of ckit for a process that it stood in front of.
  int exitCode(ExitStatus status) {
    if (status instanceof ExitStatus.Unknown(String why)) {
      complain("how the command ended is not known: " + why);
      return Main.FAILED;
    }
    return status.shellCode();
  }

  /// Prints a document, indented.
  void print(JsonValue document) {
    out.println(new String(Json.writePretty(document), StandardCharsets.UTF_8).strip());
  }

  /// Prints a document on a line of its own, now.
  void printLine(JsonValue document) {
    printNow(Json.write(document) + "\n");
  }

  /// Prints what somebody waits for.
  ///
  /// @throws EngineException of kind `IO` if it cannot be printed, so that nobody goes on for a reader who has gone away
  void printNow(String text) {
    out.print(text);
    finish();
  }

  /// Makes sure that all is printed.
  ///
  /// @throws EngineException of kind `IO` if it cannot be
  void finish() {
    if (out.checkError()) {
      throw new EngineException(
          ErrorKind.IO, "standard output", "standard output cannot be written: it is full, or nobody reads it", null);
    }
  }

  /// Prints a failure as one line.
  void complain(String what) {
    err.println("ckit: " + oneLine(what));
    err.flush();
  }

  /// Says in what a process differs from what was asked for.
  void tell(List<Adjustment> adjustments) {
    for (Adjustment adjustment : adjustments) {
      complain(adjustment.message());
    }
  }

  /// Prints a failure, one line for it and one for each failure of the clean-up after it.
  void complain(ContainerException failure) {
    complain(String.valueOf(failure.getMessage()));
    for (Throwable also : failure.getSuppressed()) {
      complain("then: " + also.getMessage());
    }
    if (flags.debug() && failure instanceof CommandException command) {
      complain("the command was: " + String.join(" ", command.argv()));
      for (LogEntry entry : command.log()) {
        complain("it logged: " + entry.level() + ": " + entry.message());
      }
    }
  }

  /// Prints a failure that should not have happened.
  void complainOfDefect(Throwable defect) {
    complain("internal error: " + defect + (flags.debug() ? "" : "; ckit --debug shows where"));
    if (flags.debug()) {
      defect.printStackTrace(err);
      err.flush();
    }
  }

  private static String oneLine(String text) {
    String line = text.strip();
    if (line.indexOf('\n') < 0) {
      return line;
    }
    return String.join("; ", line.lines().map(String::strip).filter(part -> !part.isEmpty()).toList());
  }

  /// Prints what is still held back, and closes what was opened.
  @Override
  public void close() {
    out.flush();
    for (Images other : otherImages) {
      other.close();
    }
    if (images != null) {
      images.close();
    }
    if (kit != null) {
      kit.close();
    }
  }
}
