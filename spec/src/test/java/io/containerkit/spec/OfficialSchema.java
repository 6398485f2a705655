package io.containerkit.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The JSON schemas of the runtime-spec, as Debian packages them.
final class OfficialSchema {

  static final Path DIRECTORY = Path.of("/usr/share/gocode/src/github.com/opencontainers/runtime-spec/schema");

  private static final String BASE = "https://opencontainers.org/schema/";

  private final Schema schema;

  private OfficialSchema(String file) {
    assertThat(DIRECTORY)
        .as("the schemas of the runtime-spec: apt-get install golang-github-opencontainers-specs-dev")
        .isDirectory();
    schema =
        SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_4, registry -> registry.schemas(OfficialSchema::text))
            .getSchema(SchemaLocation.of(BASE + file));
  }

  /// The text of a schema: its files refer to each other by name.
  private static String text(String iri) {
    try {
      return Files.readString(DIRECTORY.resolve(iri.substring(BASE.length())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static OfficialSchema config() {
    return new OfficialSchema("config-schema.json");
  }

  static OfficialSchema state() {
    return new OfficialSchema("state-schema.json");
  }

  void accepts(SpecPart part) {
    assertThat(schema.validate(part.toString(), InputFormat.JSON)).as("the schema's errors in " + part).isEmpty();
  }

  void refuses(String document) {
    assertThat(schema.validate(document, InputFormat.JSON)).as("the schema's errors in " + document).isNotEmpty();
  }

  /// One file of the schema, as a tree.
  static JsonObject tree(String file) {
    return Json.readObject(DIRECTORY.resolve(file));
  }
}
