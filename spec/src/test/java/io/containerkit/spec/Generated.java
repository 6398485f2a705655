package io.containerkit.spec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes records of this module out of thin air: every component of every part gets a value that the official schema allows.
final class Generated {

  private static final Set<String> UINT32 =
      Set.of(
          "uid", "gid", "umask", "additionalGids", "containerId", "hostId", "size", "errnoRet", "defaultErrnoRet",
          "index", "priority", "classId", "hcaHandles", "hcaObjects", "nanosecs");

  /// What the schema restricts to a pattern or an enumeration, by `Type.component`.
  private static final Map<String, List<String>> TEXTS =
      Map.ofEntries(
          Map.entry("Rlimit.type", List.of("RLIMIT_NOFILE", "RLIMIT_CORE")),
          Map.entry("LinuxNamespace.type", List.of("pid", "network", "mount", "ipc", "uts", "user", "cgroup")),
          Map.entry("LinuxDevice.type", List.of("b", "c", "u", "p")),
          Map.entry("Linux.rootfsPropagation", List.of("private", "shared", "slave", "unbindable")),
          Map.entry("LinuxHugepageLimit.pageSize", List.of("64KB", "2MB", "1GB")),
          Map.entry("Seccomp.defaultAction", List.of("SCMP_ACT_ERRNO", "SCMP_ACT_KILL_PROCESS")),
          Map.entry("Seccomp.architectures", List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64")),
          Map.entry("Seccomp.flags", List.of("SECCOMP_FILTER_FLAG_LOG")),
          Map.entry("SeccompSyscall.action", List.of("SCMP_ACT_ALLOW", "SCMP_ACT_NOTIFY")),
          Map.entry("SeccompArg.op", List.of("SCMP_CMP_EQ", "SCMP_CMP_MASKED_EQ")),
          Map.entry("IntelRdt.memBwSchema", List.of("MB:0=20;1=70")),
          Map.entry("Personality.domain", List.of("LINUX", "LINUX32")));

  private static final List<String> WORDS =
      List.of("a", "/etc/hosts", "PATH=/bin", "ro", "~/x", "é", "日本", "😀", "\"\\\n\t", "<&>", "\u007f\u2028", "null", "0");

  private static final List<State.Status> KNOWN_STATUS =
      List.of(State.Status.CREATING, State.Status.CREATED, State.Status.RUNNING, State.Status.STOPPED);

  private final Random random;
  private final boolean full;

  private Generated(Random random, boolean full) {
    this.random = random;
    this.full = full;
  }

  /// A part of which some components have a value.
  static <T extends SpecPart> T some(Class<T> type, Random random) {
    return new Generated(random, false).part(type, 0);
  }

  /// A part of which every component has a value, down to the leaves.
  static <T extends SpecPart> T full(Class<T> type, Random random) {
    return new Generated(random, true).part(type, 0);
  }

  private <T> T part(Class<T> type, int depth) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = value(type.getSimpleName() + "." + components[i].getName(), components[i], depth);
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot make a " + type, e);
    }
  }

  private @Nullable Object value(String name, RecordComponent component, int depth) {
    // Version 1.0.2 requires the limit of pids, later ones do not.
    boolean optional =
        component.getAnnotatedType().isAnnotationPresent(Nullable.class) && !name.equals("LinuxPids.limit");
    return optional && !present() ? null : value(name, component.getGenericType(), depth);
  }

  private Object value(String name, Type type, int depth) {
    String component = name.substring(name.indexOf('.') + 1);
    if (component.equals("extra")) {
      return extra();
    }
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      int size = present() || name.equals("SeccompSyscall.names") ? 1 + random.nextInt(3) : 0;
      if (generic.getRawType() == List.class) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          list.add(value(name, element, depth + 1));
        }
        return list;
      }
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < size; i++) {
        map.put(text("key") + i, value(name, element, depth + 1));
      }
      return map;
    }
    Class<?> raw = (Class<?>) type;
    if (raw == String.class) {
      return text(name);
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return full || random.nextBoolean();
    }
    if (raw == long.class || raw == Long.class) {
      return UINT32.contains(component) ? 1 + (random.nextInt() & 0x7FFF_FFFFL) : number(component);
    }
    if (raw == int.class || raw == Integer.class) {
      return 1 + random.nextInt(1000);
    }
    if (raw == State.Status.class) {
      return KNOWN_STATUS.get(random.nextInt(KNOWN_STATUS.size()));
    }
    return part(raw, depth + 1);
  }

  /// Numbers at the edges; the unsigned ones of the documents have the top bit set half the time.
  private long number(String component) {
    if (component.equals("swappiness")) {
      return random.nextInt(101);
    }
    if (component.equals("fileMode")) {
      return random.nextInt(0777 + 1);
    }
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> random.nextInt(1 << 20);
      case 2 -> -1L;
      default -> random.nextLong();
    };
  }

  private String text(String name) {
    List<String> allowed = TEXTS.get(name);
    return allowed == null
        ? WORDS.get(random.nextInt(WORDS.size())) + random.nextInt(100)
        : allowed.get(random.nextInt(allowed.size()));
  }

  private JsonObject extra() {
    JsonObject extra = JsonObject.EMPTY;
    if (full || random.nextInt(4) > 0) {
      return extra;
    }
    JsonValue[] values = {
      JsonNull.NULL,
      JsonBoolean.FALSE,
      new JsonNumber("1e400"),
      JsonNumber.ofUnsigned(-1),
      new JsonString(text("extra")),
      new JsonArray(List.of()),
      JsonObject.EMPTY.with("deep", "er")
    };
    return extra.with("x-" + text("extra"), values[random.nextInt(values.length)]);
  }

  private boolean present() {
    return full || random.nextInt(3) > 0;
  }
}
