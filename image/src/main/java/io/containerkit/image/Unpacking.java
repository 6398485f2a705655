package io.containerkit.image;

import io.containerkit.linux.Errno;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.KernelException;
import io.containerkit.spec.SpecException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;

/// Turns what goes wrong with content into the one error that users see: `layer sha256:…: what is wrong`.
final class Unpacking {

  private Unpacking() {}

  /// @param subject what was read, such as `layer sha256:…`
  static ImageException failed(String subject, IOException e) {
    ErrorKind kind =
        switch (e) {
          case MalformedException _, EOFException _ -> ErrorKind.CORRUPT;
          case InterruptedIOException _ -> ErrorKind.CANCELLED;
          default -> isNoSpace(e) ? ErrorKind.NO_SPACE : ErrorKind.IO;
        };
    String why = e.getMessage() == null ? e.toString() : e.getMessage();
    return new ImageException(kind, subject, subject + ": " + why, e);
  }

  /// @param path what could not be written. Where the kernel refuses the name, the place or an attribute, the layer is to blame
  static ImageException failed(TreePath path, KernelException e) {
    ErrorKind kind =
        switch (e.errno()) {
          case Errno.ENOTDIR, Errno.ELOOP, Errno.ENAMETOOLONG, Errno.EINVAL, Errno.E2BIG, Errno.ERANGE -> ErrorKind.CORRUPT;
          default -> e.kind();
        };
    return new ImageException(kind, path.toString(), "cannot write " + path + ": " + e.getMessage(), e);
  }

  static ImageException failed(String subject, KernelException e) {
    return new ImageException(e.kind(), subject, subject + ": " + e.getMessage(), e);
  }

  /// @param subject the document, or what it came with
  static ImageException failed(String subject, SpecException e) {
    return new ImageException(ErrorKind.CORRUPT, subject, subject + ": " + e.getMessage(), e);
  }

  // The JDK tells ENOSPC and EDQUOT by nothing but libc's text.
  private static boolean isNoSpace(IOException e) {
    String text = e.getMessage();
    return text != null && (text.contains("No space left") || text.contains("quota exceeded"));
  }
}
