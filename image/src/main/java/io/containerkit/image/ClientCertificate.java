package io.containerkit.image;

import java.nio.file.Path;

/// What proves to a registry over TLS who is asking.
///
/// @param certificate a file of the certificate and, after it, those that lead to its authority (PEM)
/// @param key a file of its private key: RSA, EC or Ed25519, not encrypted, as openssl writes it (PEM; PKCS#8, PKCS#1 or SEC 1). It
///     may be the same file.
public record ClientCertificate(Path certificate, Path key) {}
