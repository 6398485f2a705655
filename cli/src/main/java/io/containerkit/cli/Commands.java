package io.containerkit.cli;

import java.util.List;

/// The table of all commands. Looking one up loads that one alone.
final class Commands {

  /// A heading of the overview and what stands under it.
  record Section(String heading, List<String> names) {}

  static final List<Section> SECTIONS =
      List.of(
          new Section("Run", List.of("run", "create", "start", "exec", "kill", "stop", "delete")),
          new Section("Look", List.of("list", "state", "ps", "stats", "events", "diff")),
          new Section("Change", List.of("pause", "resume", "update", "commit", "checkpoint", "restore")),
          new Section("Images", List.of("pull", "push", "images", "rmi", "tag", "inspect", "history")),
          new Section("Bring and keep", List.of("save", "load", "import", "export", "image", "volume", "login", "logout")),
          new Section("Set up", List.of("spec", "features", "doctor", "version", "help")));

  private Commands() {}

  /// The grammar of a command.
  ///
  /// @throws UsageException if there is no such command
  static Grammar named(String name) {
    return switch (name) {
      case "run" -> RunCommand.grammar();
      case "create" -> CreateCommand.grammar();
      case "start" -> StartCommand.grammar();
      case "exec" -> ExecCommand.grammar();
      case "kill" -> KillCommand.grammar();
      case "stop" -> StopCommand.grammar();
      case "delete" -> DeleteCommand.grammar();
      case "list" -> ListCommand.grammar();
      case "state" -> StateCommand.grammar();
      case "ps" -> PsCommand.grammar();
      case "stats" -> StatsCommand.grammar();
      case "events" -> EventsCommand.grammar();
      case "diff" -> DiffCommand.grammar();
      case "commit" -> CommitCommand.grammar();
      case "pause" -> PauseCommand.grammar();
      case "resume" -> ResumeCommand.grammar();
      case "update" -> UpdateCommand.grammar();
      case "checkpoint" -> CheckpointCommand.grammar();
      case "restore" -> RestoreCommand.grammar();
      case "pull" -> PullCommand.grammar();
      case "push" -> PushCommand.grammar();
      case "images" -> ImagesCommand.grammar();
      case "rmi" -> RmiCommand.grammar();
      case "tag" -> TagCommand.grammar();
      case "inspect" -> InspectCommand.grammar();
      case "history" -> HistoryCommand.grammar();
      case "save" -> SaveCommand.grammar();
      case "load" -> LoadCommand.grammar();
      case "import" -> ImportCommand.grammar();
      case "export" -> ExportCommand.grammar();
      case "image" -> ImageCommand.grammar();
      case "volume" -> VolumeCommand.grammar();
      case "login" -> LoginCommand.grammar();
      case "logout" -> LogoutCommand.grammar();
      case "spec" -> SpecCommand.grammar();
      case "features" -> FeaturesCommand.grammar();
      case "doctor" -> DoctorCommand.grammar();
      case "version" -> VersionCommand.grammar();
      case "help" -> HelpCommand.grammar();
      default -> throw unknown(name);
    };
  }

  private static UsageException unknown(String name) {
    String better = elsewhere(name);
    if (better.isEmpty()) {
      better = Suggestion.word(name, SECTIONS.stream().flatMap(section -> section.names().stream()).toList());
    }
    String advice = better.isEmpty() ? "" : "; did you mean " + better + "?";
    return new UsageException("unknown command \"" + name + "\"" + advice + " (ckit help lists all)");
  }

  /// What a command of runc, podman or docker is called here.
  private static String elsewhere(String name) {
    return switch (name) {
      case "rm", "remove" -> "delete";
      case "ls" -> "list";
      case "top" -> "ps";
      case "unpause" -> "resume";
      case "info", "check" -> "doctor";
      default -> "";
    };
  }
}
