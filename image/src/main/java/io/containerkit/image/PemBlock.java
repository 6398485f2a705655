package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A block of a PEM file (RFC 7468). Does not show its content in `toString`.
///
/// @param label such as `CERTIFICATE`
/// @param encrypted whether a passphrase is needed, by the label or the older header `Proc-Type` (RFC 1421)
/// @param bytes the content
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record PemBlock(String label, boolean encrypted, byte[] bytes) {

  private static final String BEGIN = "-----BEGIN ";
  private static final String DASHES = "-----";

  /// The blocks of a file in their order; what stands around them is left alone.
  static List<PemBlock> read(Path file) throws IOException {
    var blocks = new ArrayList<PemBlock>();
    var label = "";
    var encrypted = false;
    var body = new StringBuilder();
    for (var line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      line = line.strip();
      if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
        label = line.substring(BEGIN.length(), line.length() - DASHES.length());
        encrypted = label.startsWith("ENCRYPTED ");
        body.setLength(0);
      } else if (!label.isEmpty() && line.startsWith("-----END ")) {
        blocks.add(new PemBlock(label, encrypted, decoded(file, label, body.toString())));
        label = "";
      } else if (line.contains(":")) {
        encrypted |= line.endsWith(",ENCRYPTED");
      } else {
        body.append(line);
      }
    }
    return blocks;
  }

  private static byte[] decoded(Path file, String label, String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new ImageException(
          ErrorKind.INVALID_CONFIG, file.toString(), "the " + label + " in " + file + " is not base64", e);
    }
  }

  @Override
  public String toString() {
    return "PemBlock[label=" + label + "]";
  }
}
