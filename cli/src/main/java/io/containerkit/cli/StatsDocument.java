package io.containerkit.cli;

import io.containerkit.runtime.ContainerStats;
import io.containerkit.runtime.ContainerStats.Cpu;
import io.containerkit.runtime.ContainerStats.CpuTime;
import io.containerkit.runtime.ContainerStats.Hugetlb;
import io.containerkit.runtime.ContainerStats.Io;
import io.containerkit.runtime.ContainerStats.Memory;
import io.containerkit.runtime.ContainerStats.Pids;
import io.containerkit.runtime.ContainerStats.Usage;
import io.containerkit.runtime.Limit;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonNumber;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Writes what a container uses as JSON: the members of `runc events`, so that what reads those reads these. Unlike there, a number
/// that is not known is left out, and one that is 0 is not.
final class StatsDocument {

  private StatsDocument() {}

  /// One event of type `stats`.
  static JsonObject event(String id, ContainerStats stats) {
    return JsonObject.EMPTY.with("type", "stats").with("id", id).with("time", stats.at().toString()).with("data", data(stats));
  }

  private static JsonObject data(ContainerStats stats) {
    JsonObject data = JsonObject.EMPTY;
    if (stats.cpu().isPresent()) {
      data = data.with("cpu", cpu(stats.cpu().get()));
    }
    if (stats.memory().isPresent()) {
      data = data.with("memory", memory(stats.memory().get()));
    }
    if (stats.pids().isPresent()) {
      data = data.with("pids", pids(stats.pids().get()));
    }
    data = data.with("blkio", io(stats.io()));
    JsonObject pages = JsonObject.EMPTY;
    for (Hugetlb size : stats.hugetlb()) {
      pages = pages.with(size.pageSize(), usage(size.usage(), "usage"));
    }
    return data.with("hugetlb", pages);
  }

  private static JsonObject cpu(Cpu cpu) {
    List<JsonValue> processors = new ArrayList<>();
    for (CpuTime processor : cpu.perProcessor()) {
      processors.add(JsonNumber.ofUnsigned(processor.total().toNanos()));
    }
    JsonObject usage =
        JsonObject.EMPTY
            .with("total", number(cpu.time().total().toNanos()))
            .with("kernel", number(cpu.time().system().toNanos()))
            .with("user", number(cpu.time().user().toNanos()));
    if (!processors.isEmpty()) {
      usage = usage.with("percpu", new JsonArray(processors));
    }
    return JsonObject.EMPTY
        .with("usage", usage)
        .with(
            "throttling",
            JsonObject.EMPTY
                .with("periods", number(cpu.throttling().periods()))
                .with("throttledPeriods", number(cpu.throttling().throttledPeriods()))
                .with("throttledTime", number(cpu.throttling().throttledTime().toNanos())));
  }

  private static JsonObject memory(Memory memory) {
    JsonObject document =
        JsonObject.EMPTY.with("cache", number(memory.cache())).with("usage", usage(memory.usage(), "usage"));
    if (memory.withSwap().isPresent()) {
      document = document.with("swap", usage(memory.withSwap().get(), "usage"));
    }
    if (memory.kernel().isPresent()) {
      document = document.with("kernel", usage(memory.kernel().get(), "usage"));
    }
    if (memory.kernelTcp().isPresent()) {
      document = document.with("kernelTCP", usage(memory.kernelTcp().get(), "usage"));
    }
    JsonObject raw = JsonObject.EMPTY;
    for (Map.Entry<String, Long> line : new TreeMap<>(memory.details()).entrySet()) {
      raw = raw.with(line.getKey(), number(line.getValue()));
    }
    return optional(document.with("raw", raw), "oomKills", memory.oomKills());
  }

  private static JsonObject pids(Pids pids) {
    JsonObject document = JsonObject.EMPTY.with("current", number(pids.current()));
    return limit(document, pids.limit());
  }

  private static JsonObject usage(Usage usage, String current) {
    JsonObject document = JsonObject.EMPTY.with(current, number(usage.current()));
    return limit(optional(optional(document, "max", usage.peak()), "failcnt", usage.failures()), usage.limit());
  }

  private static JsonObject io(List<Io> devices) {
    List<JsonValue> bytes = new ArrayList<>();
    List<JsonValue> operations = new ArrayList<>();
    for (Io io : devices) {
      add(bytes, io.device(), io.bytes());
      add(operations, io.device(), io.operations());
    }
    return JsonObject.EMPTY
        .with("ioServiceBytesRecursive", new JsonArray(bytes))
        .with("ioServicedRecursive", new JsonArray(operations));
  }

  private static void add(List<JsonValue> to, ContainerStats.Device device, ContainerStats.Transfers transfers) {
    to.add(entry(device, "Read", transfers.read()));
    to.add(entry(device, "Write", transfers.written()));
    to.add(entry(device, "Discard", transfers.discarded()));
  }

  private static JsonObject entry(ContainerStats.Device device, String operation, long value) {
    return JsonObject.EMPTY
        .with("major", number(device.major()))
        .with("minor", number(device.minor()))
        .with("op", operation)
        .with("value", number(value));
  }

  private static JsonObject limit(JsonObject to, Limit limit) {
    return limit instanceof Limit.Bounded(long value) ? to.with("limit", number(value)) : to;
  }

  private static JsonObject optional(JsonObject to, String name, OptionalLong value) {
    return value.isPresent() ? to.with(name, number(value.getAsLong())) : to;
  }

  private static JsonNumber number(long value) {
    return JsonNumber.ofUnsigned(value);
  }
}
