package io.containerkit.spec;

/// Something in a document that a runtime would refuse, or read otherwise than it says.
///
/// @param pointer the place: a JSON pointer (RFC 6901), empty for the whole document
/// @param reason what is wrong there, and what would be right
public record Problem(String pointer, String reason) {

  /// A member's name as a JSON pointer writes it.
  static String escape(String name) {
    return name.indexOf('~') < 0 && name.indexOf('/') < 0 ? name : name.replace("~", "~0").replace("/", "~1");
  }

  @Override
  public String toString() {
    return pointer.isEmpty() ? reason : pointer + ": " + reason;
  }
}
