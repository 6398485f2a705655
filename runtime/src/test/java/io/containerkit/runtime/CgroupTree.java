package io.containerkit.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A control group made of plain files, for what the machine under test does not have.
record CgroupTree(Path directory) {

  static CgroupTree at(Path directory) throws IOException {
    return new CgroupTree(Files.createDirectories(directory));
  }

  CgroupTree with(String file, String content) throws IOException {
    Files.writeString(directory.resolve(file), content);
    return this;
  }
}
