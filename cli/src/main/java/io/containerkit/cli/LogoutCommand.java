package io.containerkit.cli;

/// `ckit logout`: forgets the name and password for a registry.
record LogoutCommand(String registry, RegistryFlags flags) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "logout",
        "[REGISTRY]",
        "Forgets the name and password for a registry",
        "",
        new Flags().value("authfile", "FILE", "The file with logins; $DOCKER_CONFIG/config.json or ~/.docker/config.json without it."),
        0,
        1,
        arguments -> new LogoutCommand(LoginCommand.registry(arguments), RegistryFlags.of(arguments)));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    session.images(flags, registry).logout(registry);
    session.out().println("Removed the login for " + registry);
    return 0;
  }
}
