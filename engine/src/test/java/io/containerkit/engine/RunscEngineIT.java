package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

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
}
