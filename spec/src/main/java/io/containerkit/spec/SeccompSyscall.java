package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule of a filter: what happens to some system calls.
///
/// @param names the calls
/// @param action what happens to them, such as [Seccomp#ALLOW]
/// @param errnoRet the error that the action gives, or null for `EPERM`
/// @param args the conditions on the arguments, all of which must hold
/// @param extra the members that the components do not say
public record SeccompSyscall(
    List<String> names,
    String action,
    @Nullable Long errnoRet,
    List<SeccompArg> args,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections and refuses numbers out of range.
  public SeccompSyscall {
    names = List.copyOf(names);
    Components.uint32("errnoRet", errnoRet);
    args = List.copyOf(args);
  }

  /// A rule without conditions.
  public static SeccompSyscall of(String action, List<String> names) {
    return new SeccompSyscall(names, action, null, List.of(), JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static SeccompSyscall of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static SeccompSyscall read(ObjectReader in) {
    return new SeccompSyscall(
        in.strings("names"),
        in.requiredString("action"),
        in.uint32("errnoRet"),
        SeccompArg.readAll(in.objects("args")),
        in.rest());
  }

  static List<SeccompSyscall> readAll(List<ObjectReader> all) {
    List<SeccompSyscall> parts = new ArrayList<>(all.size());
    for (ObjectReader in : all) {
      parts.add(read(in));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .strings("names", names)
        .required("action", action)
        .optional("errnoRet", errnoRet)
        .objects("args", args)
        .end(extra);
  }
}
