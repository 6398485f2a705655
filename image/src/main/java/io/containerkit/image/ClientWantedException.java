package io.containerkit.image;

import java.io.IOException;
import javax.net.ssl.SSLException;

/// A connection broke off when the other side had asked for a client certificate and not yet answered. With TLS 1.3 a refused client
/// often learns no more: the alert that says so is lost in the reset of the connection.
final class ClientWantedException extends SSLException {

  private static final long serialVersionUID = 1;

  ClientWantedException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
