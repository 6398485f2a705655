package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.ObjectWriter;
import io.containerkit.spec.SpecPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What an image runs on: `linux/amd64`, `linux/arm64/v8`. The names are Go's.
///
/// @param os the operating system
/// @param architecture the processor's architecture
/// @param variant the processor's variant, such as `v7`, or empty
/// @param osVersion the version of the operating system, or empty
/// @param osFeatures the features of the operating system that are needed
/// @param extra the members that are not known here
public record Platform(
    String os,
    String architecture,
    String variant,
    String osVersion,
    List<String> osFeatures,
    JsonObject extra)
    implements SpecPart {

  private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

  public Platform {
    osFeatures = List.copyOf(osFeatures);
  }

  /// A platform by its three names, as they are.
  public static Platform of(String os, String architecture, String variant) {
    return new Platform(os, architecture, variant, "", List.of(), JsonObject.EMPTY);
  }

  /// Parses `os/architecture[/variant]`, or the architecture alone for Linux, with the aliases that people use: `x86_64`,
  /// `aarch64`, `armhf`.
  ///
  /// @throws ImageException if it is not a platform, kind [ErrorKind#INVALID_ARGUMENT]
  public static Platform of(String text) {
    var parts = text.split("/", -1);
    for (var part : parts) {
      if (!PART.matcher(part).matches()) {
        throw invalid(text);
      }
    }
    return switch (parts.length) {
      case 1 -> of("linux", parts[0], "").normalized();
      case 2 -> of(parts[0], parts[1], "").normalized();
      case 3 -> of(parts[0], parts[1], parts[2]).normalized();
      default -> throw invalid(text);
    };
  }

  /// The platform that this machine runs.
  public static Platform host() {
    return of("linux", System.getProperty("os.arch", "amd64"), "").normalized();
  }

  static Platform of(ObjectReader in) {
    // Neither name is optional, but indexes of things that are no images are written with both left empty.
    return new Platform(
        in.string("os"),
        in.string("architecture"),
        in.string("variant"),
        in.string("os.version"),
        in.strings("os.features"),
        in.rest());
  }

  /// The platform as a part of a descriptor.
  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .string("architecture", architecture)
        .string("os", os)
        .string("os.version", osVersion)
        .strings("os.features", osFeatures)
        .string("variant", variant)
        .end(extra);
  }

  /// The same platform under the names that all writers agree on: aliases resolved, default variants (`v8` of arm64, `v1` of
  /// amd64) left out, the default of arm (`v7`) put in.
  public Platform normalized() {
    var arch = architecture.toLowerCase(Locale.ROOT);
    var level = variant.toLowerCase(Locale.ROOT);
    switch (arch) {
      case "x86_64", "x86-64" -> arch = "amd64";
      case "i386", "i486", "i586", "i686", "x86" -> arch = "386";
      case "aarch64" -> arch = "arm64";
      case "armhf" -> {
        arch = "arm";
        level = "v7";
      }
      case "armel" -> {
        arch = "arm";
        level = "v6";
      }
      default -> {}
    }
    if (level.matches("[0-9]+")) {
      level = "v" + level;
    }
    if ((arch.equals("amd64") && level.equals("v1")) || (arch.equals("arm64") && level.equals("v8"))) {
      level = "";
    } else if (arch.equals("arm") && level.isEmpty()) {
      level = "v7";
    }
    return new Platform(
        os.toLowerCase(Locale.ROOT), arch, level, osVersion, osFeatures, extra);
  }

  /// What this platform can run, best first: itself, then what it is compatible with (older variants; on arm64 also the 32-bit
  /// arm, on amd64 also 386).
  public List<Platform> candidates() {
    var self = normalized();
    var list = new ArrayList<Platform>();
    list.add(self);
    switch (self.architecture) {
      case "amd64" -> {
        older(list, "amd64", self.level(1), 1);
        list.add(of(self.os, "386", ""));
      }
      case "arm64" -> {
        older(list, "arm64", self.level(8), 8);
        older(list, "arm", 8, 5);
      }
      case "arm" -> older(list, "arm", self.level(7), 5);
      default -> {}
    }
    return list;
  }

  private void older(List<Platform> list, String arch, int from, int to) {
    for (var level = from; level >= to; level--) {
      list.add(of(os.toLowerCase(Locale.ROOT), arch, "v" + level));
    }
  }

  private int level(int fallback) {
    return variant.matches("v[0-9]{1,2}") ? Integer.parseInt(variant.substring(1)) : fallback;
  }

  /// Whether `other` has the same operating system, architecture and variant.
  public boolean sameAs(Platform other) {
    return key().equals(other.key());
  }

  /// `os/architecture[/variant]`.
  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }

  private String key() {
    return normalized().toString();
  }

  private static ImageException invalid(String text) {
    return new ImageException(
        ErrorKind.INVALID_ARGUMENT,
        text,
        "invalid platform " + Quoted.of(text) + ": write os/architecture[/variant], such as linux/arm64",
        null);
  }
}
