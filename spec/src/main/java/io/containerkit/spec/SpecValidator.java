package io.containerkit.spec;

import java.util.List;
import java.util.Map;

/// Checks a configuration as a runtime on Linux does, before one is asked: the whole of it, with places (config.md).
final class SpecValidator {

  private SpecValidator() {}

  static List<Problem> validate(Spec spec) {
    Problems problems = new Problems();
    version(spec.ociVersion(), problems.at("ociVersion"));
    if (spec.root() == null) {
      problems.add("root", "is missing");
    } else if (spec.root().path().isEmpty()) {
      problems.at("root").add("path", "is empty");
    }
    if (spec.process() != null) {
      ProcessValidator.validate(spec.process(), problems.at("process"));
    }
    mounts(spec.mounts(), problems.at("mounts"));
    if (spec.hooks() != null) {
      hooks(spec.hooks(), problems.at("hooks"));
    }
    if (spec.annotations().containsKey("")) {
      problems.at("annotations").add("", "an annotation needs a name");
    }
    Linux linux = spec.linux();
    if (linux != null) {
      LinuxValidator.validate(linux, problems.at("linux"));
    }
    if (linux == null || linux.namespace(LinuxNamespace.UTS) == null) {
      if (!spec.hostname().isEmpty()) {
        problems.add("hostname", "needs a uts namespace: it would change the host's");
      }
      if (!spec.domainname().isEmpty()) {
        problems.add("domainname", "needs a uts namespace: it would change the host's");
      }
    }
    nul(spec.toJson(), problems);
    return problems.found();
  }

  private static void version(String version, Problems problems) {
    if (!version.startsWith("1.")) {
      problems.add("\"" + version + "\" is not a version 1 of the runtime-spec, such as " + Spec.VERSION);
    }
  }

  private static void mounts(List<Mount> mounts, Problems problems) {
    for (int i = 0; i < mounts.size(); i++) {
      Mount mount = mounts.get(i);
      Problems at = problems.at(i);
      at.requireAbsolute("destination", mount.destination());
      boolean bind = mount.options().contains("bind") || mount.options().contains("rbind");
      if (mount.type().isEmpty() && !bind && !mount.options().contains("remount")) {
        at.add("type", "is missing, and no option says bind");
      }
      if (bind && mount.source().isEmpty()) {
        at.add("source", "is missing: a bind mount needs one");
      }
      if (mount.uidMappings().isEmpty() != mount.gidMappings().isEmpty()) {
        at.add(mount.uidMappings().isEmpty() ? "uidMappings" : "gidMappings", "is missing: both or none are mapped");
      }
      LinuxValidator.mappings(mount.uidMappings(), at.at("uidMappings"));
      LinuxValidator.mappings(mount.gidMappings(), at.at("gidMappings"));
    }
  }

  private static void hooks(Hooks hooks, Problems problems) {
    hooks(hooks.prestart(), problems.at("prestart"));
    hooks(hooks.createRuntime(), problems.at("createRuntime"));
    hooks(hooks.createContainer(), problems.at("createContainer"));
    hooks(hooks.startContainer(), problems.at("startContainer"));
    hooks(hooks.poststart(), problems.at("poststart"));
    hooks(hooks.poststop(), problems.at("poststop"));
  }

  private static void hooks(List<Hook> hooks, Problems problems) {
    for (int i = 0; i < hooks.size(); i++) {
      Hook hook = hooks.get(i);
      Problems at = problems.at(i);
      at.requireAbsolute("path", hook.path());
      at.requireAssignments("env", hook.env());
      if (hook.timeout() != null && hook.timeout() < 1) {
        at.add("timeout", hook.timeout() + " is not a number of seconds above 0");
      }
    }
  }

  /// No text of the document may hold a NUL: the kernel's strings end there, so it would mean something else below.
  private static void nul(JsonValue value, Problems problems) {
    if (value instanceof JsonString string) {
      if (string.value().indexOf('\0') >= 0) {
        problems.add("holds a NUL character");
      }
    } else if (value instanceof JsonArray array) {
      for (int i = 0; i < array.values().size(); i++) {
        nul(array.values().get(i), problems.at(i));
      }
    } else if (value instanceof JsonObject object) {
      for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
        Problems at = problems.at(member.getKey());
        if (member.getKey().indexOf('\0') >= 0) {
          at.add("its name holds a NUL character");
        }
        nul(member.getValue(), at);
      }
    }
  }
}
