package io.containerkit.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Rootfs;
import io.containerkit.engine.Volume;
import io.containerkit.engine.Volumes;
import io.containerkit.image.Image;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import io.containerkit.image.PullOptions;
import io.containerkit.image.PullPolicy;
import io.containerkit.linux.Child;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Pipe;
import io.containerkit.linux.Spawn;
import io.containerkit.runtime.ContainerEvent;
import io.containerkit.runtime.ContainerEvents;
import io.containerkit.runtime.ContainerProcess;
import io.containerkit.runtime.ContainerStats;
import io.containerkit.runtime.OciRuntime;
import io.containerkit.runtime.Stdio;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// The snippets of the Javadoc and of docs/, compiled: [DocumentationTest] finds each of them here, word for word.
@SuppressWarnings("UnusedVariable") // a snippet shows what there is to be had
abstract class Snippets {

  abstract void show(ContainerStats stats);

  abstract void warn(ContainerEvent.Oom oom);

  void ofVolumes() {
    Volumes volumes = Volumes.open();
    volumes.create("db", Map.of("team", "blue"));
    for (Volume volume : volumes.list()) {
      System.out.println(volume.name() + " " + volume.path() + " " + volume.users());
    }
    volumes.remove("db");
  }

  void ofRunWithVolume(ContainerKit kit) {
    kit.image("db:1").volume("pgdata", "/var/lib/db").run();
    kit.volumes().list();
  }

  void ofSpawn() {
    try (Pipe pipe = Pipe.open()) {
      Child child = Spawn.of("crun", "--version").descriptor(1, pipe.writeEnd()).start();
    }
  }

  void ofOciRuntime(Path bundle) throws InterruptedException {
    OciRuntime runtime = OciRuntime.builder("runc").build();
    try (ContainerProcess init = runtime.create("web", bundle, Stdio.inherit())) {
      runtime.start("web");
      ExitStatus status = init.waitFor();
      runtime.delete("web");
    }
  }

  void ofContainerEvents(OciRuntime runtime) throws InterruptedException {
    try (ContainerEvents events = runtime.events("web", Duration.ofSeconds(1))) {
      while (true) {
        switch (events.next()) {
          case ContainerEvent.Stats(var stats) -> show(stats);
          case ContainerEvent.Oom oom -> warn(oom);
          case ContainerEvent.Ended ended -> {
            return;
          }
        }
      }
    }
  }

  void ofImages() throws Exception {
    try (Images images = Images.open()) {
      Image alpine = images.pull(ImageReference.of("alpine:3.22"));
      System.out.println(alpine.id() + " " + alpine.config().defaults().cmd());
    }
  }

  void ofContainerKit() throws Exception {
    try (ContainerKit kit = ContainerKit.open();
        Container container = kit.container("web").rootfs(Rootfs.host()).command("echo", "hi").run()) {
      System.out.print(new String(container.stdout().readAllBytes(), UTF_8));
      System.out.println(container.waitFor());
    }
  }

  void ofTheImageStorePage() throws Exception {
    try (Images images = Images.open()) {
      Image alpine = images.pull(ImageReference.of("alpine:3.22"), PullOptions.defaults().withPolicy(PullPolicy.MISSING));
      System.out.println(alpine.id() + " " + alpine.config().defaults().cmd());
    }
  }

  void ofTheImagesPage() throws Exception {
    try (ContainerKit kit = ContainerKit.open();
        Container hi = kit.image("alpine").command("echo", "hi").run()) {
      System.out.print(new String(hi.stdout().readAllBytes(), UTF_8));
    }
  }
}
