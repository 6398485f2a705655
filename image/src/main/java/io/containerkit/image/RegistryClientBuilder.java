package io.containerkit.image;

import java.time.Clock;

/// Makes a [RegistryClient]. Not thread-safe.
public final class RegistryClientBuilder {

  RegistryConfig config = RegistryConfig.host();
  CredentialSource credentials = DockerConfig.user();
  RetryPolicy retryPolicy = RetryPolicy.DEFAULT;
  Timeouts timeouts = Timeouts.DEFAULT;
  Clock clock = Clock.systemUTC();
  int concurrentBlobs = 4;
  int connectionsPerBlob = 4;
  long uploadChunk = 64 << 20;

  RegistryClientBuilder() {}

  /// Where registries are; by default [RegistryConfig#host()].
  public RegistryClientBuilder config(RegistryConfig newConfig) {
    this.config = newConfig;
    return this;
  }

  /// Who asks; by default what [DockerConfig#user()] knows.
  public RegistryClientBuilder credentials(CredentialSource newCredentials) {
    this.credentials = newCredentials;
    return this;
  }

  /// How often a request is repeated; by default [RetryPolicy#DEFAULT].
  public RegistryClientBuilder retryPolicy(RetryPolicy newPolicy) {
    this.retryPolicy = newPolicy;
    return this;
  }

  /// How long to wait; by default [Timeouts#DEFAULT].
  public RegistryClientBuilder timeouts(Timeouts newTimeouts) {
    this.timeouts = newTimeouts;
    return this;
  }

  /// How many blobs are transferred at once; by default 4.
  public RegistryClientBuilder concurrentBlobs(int most) {
    this.concurrentBlobs = positive(most);
    return this;
  }

  /// How many connections fetch one large blob; by default 4. With 1 no blob is fetched in ranges.
  public RegistryClientBuilder connectionsPerBlob(int most) {
    this.connectionsPerBlob = positive(most);
    return this;
  }

  /// How many bytes of a blob are uploaded in one request; by default 64 MiB. Some registries and proxies want less.
  public RegistryClientBuilder uploadChunk(int bytes) {
    this.uploadChunk = positive(bytes);
    return this;
  }

  RegistryClientBuilder clock(Clock newClock) {
    this.clock = newClock;
    return this;
  }

  /// The client.
  public RegistryClient build() {
    return new RegistryClient(this);
  }

  private static int positive(int number) {
    if (number < 1) {
      throw new IllegalArgumentException(number + " is not positive");
    }
    return number;
  }
}
