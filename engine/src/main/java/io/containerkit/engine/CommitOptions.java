package io.containerkit.engine;

import io.containerkit.image.ImageReference;
import java.util.List;
import java.util.Optional;

/// How an image is made of a container.
///
/// @param name what the image is called; empty for no name
/// @param author who made it, or empty to leave the author of the container's image
/// @param comment a remark for its history, or empty
/// @param changes instructions of a Dockerfile, such as `CMD ["serve"]`, that change what its containers run with; see
///     [io.containerkit.image.ConfigChanges]
/// @param pause whether a running container is frozen meanwhile; if not, a file that changes while it is read is refused
public record CommitOptions(Optional<ImageReference> name, String author, String comment, List<String> changes, boolean pause) {

  public CommitOptions {
    changes = List.copyOf(changes);
  }

  /// No name, nothing changed, and the container frozen.
  public static CommitOptions defaults() {
    return new CommitOptions(Optional.empty(), "", "", List.of(), true);
  }

  /// These options with a name for the image.
  public CommitOptions withName(ImageReference newName) {
    return new CommitOptions(Optional.of(newName), author, comment, changes, pause);
  }

  /// These options with an author.
  public CommitOptions withAuthor(String newAuthor) {
    return new CommitOptions(name, newAuthor, comment, changes, pause);
  }

  /// These options with a remark.
  public CommitOptions withComment(String newComment) {
    return new CommitOptions(name, author, newComment, changes, pause);
  }

  /// These options with these changes.
  public CommitOptions withChanges(List<String> newChanges) {
    return new CommitOptions(name, author, comment, newChanges, pause);
  }

  /// These options, whether the container is frozen or runs on.
  public CommitOptions withPause(boolean freeze) {
    return new CommitOptions(name, author, comment, changes, freeze);
  }
}
