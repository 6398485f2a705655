package io.containerkit.runtime;

import io.containerkit.runtime.ContainerStats.Device;
import io.containerkit.runtime.ContainerStats.Io;
import io.containerkit.runtime.ContainerStats.Transfers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Gathers the counters of block devices, which come one at a time, in any order and from several files.
final class IoCounts {

  private final Map<Device, Map<String, Long>> counts = new LinkedHashMap<>();

  /// Takes a counter under its name in cgroup v2: `rbytes`, `wbytes`, `dbytes`, `rios`, `wios` or `dios`.
  void add(Device device, String counter, long value) {
    counts.computeIfAbsent(device, _ -> new LinkedHashMap<>()).put(counter, value);
  }

  /// The same, for a device `major:minor` in a file.
  void add(CgroupFiles files, String file, String device, String counter, long value) {
    String[] numbers = device.split(":", -1);
    if (numbers.length != 2) {
      throw files.malformed(file, device, null);
    }
    add(
        new Device(files.unsigned(file, numbers[0]), files.unsigned(file, numbers[1])),
        counter,
        value);
  }

  List<Io> toList() {
    List<Io> list = new ArrayList<>();
    counts.forEach(
        (device, of) ->
            list.add(
                new Io(
                    device,
                    new Transfers(
                        of.getOrDefault("rbytes", 0L),
                        of.getOrDefault("wbytes", 0L),
                        of.getOrDefault("dbytes", 0L)),
                    new Transfers(
                        of.getOrDefault("rios", 0L),
                        of.getOrDefault("wios", 0L),
                        of.getOrDefault("dios", 0L)))));
    return list;
  }
}
