package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.ExitStatus;
import org.junit.jupiter.api.Test;

/// The suite on gVisor's runsc, whose containers are processes of a sandbox.
class RunscEngineIT extends EngineSuite {

  @Override
  String runtime() {
    return "runsc";
  }

  /// The sandbox has a network stack of its own, which is called without the host's interfaces where it cannot have them.
  @Override
  @Test
  void theHostsNetworkIsShared() throws Exception {
    try (Container shared = shell(INTERFACES).network(Network.HOST).run()) {
      assertThat(all(shared.stdout())).isEqualTo("lo\n");
    }
  }

  /// A sandbox has process numbers of its own whatever is asked for, and nothing outlives it.
  @Override
  @Test
  void whatInitLeavesInTheHostsPidNamespaceGoesWithTheContainer() throws Exception {
    try (Container container = inTheHostsPidNamespace("sleep 60 >/dev/null 2>&1 & echo $$ $!; exit 0")) {
      assertThat(all(container.stdout())).isEqualTo("1 2\n");
      assertThat(container.waitFor()).isEqualTo(new ExitStatus.Exited(0));
    }
  }
}
