package io.containerkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds the documentation against the code: what it names must exist, and what it shows must be what is compiled.
class DocumentationTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path SNIPPETS = Path.of("src/test/java/io/containerkit/examples/Snippets.java");
  private static final List<String> LIBRARIES = List.of("spec", "linux", "image", "runtime", "engine");
  private static final Path BEHAVIOURS = ROOT.resolve("docs/behaviours.md");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\|");
  private static final Pattern CLASS_OR_TEST = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");
  private static final Pattern JAVADOC_SNIPPET = Pattern.compile("(?s)\\{@snippet :\n(.*?)\n */// }\n");
  private static final Pattern SNIPPET = Pattern.compile("(?s)```java\n(.*?)```");

  private static List<Path> files(String extension) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(extension) && !file.toString().contains("/target/") && !file.toString().contains("/."))
          .toList();
    }
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  @Test
  void everyBehaviourHasItsRow() throws IOException {
    List<Integer> rows = matches(ROW, Files.readString(BEHAVIOURS)).stream().map(row -> Integer.valueOf(row.group(1))).toList();
    assertThat(rows).isEqualTo(IntStream.rangeClosed(1, 53).boxed().toList());
  }

  @Test
  void everyClassAndTestOfABehaviourExists() throws IOException {
    // Several modules may have a class of the same name; one of them must have the test.
    Map<String, String> sources = new HashMap<>();
    for (Path file : files(".java")) {
      sources.merge(file.getFileName().toString(), Files.readString(file), String::concat);
    }
    List<String> missing = new ArrayList<>();
    for (MatchResult name : matches(CLASS_OR_TEST, Files.readString(BEHAVIOURS))) {
      String source = sources.get(name.group(1) + ".java");
      if (source == null || (name.group(2) != null && !source.contains(" void " + name.group(2) + "("))) {
        missing.add(name.group());
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void theReadmeShowsAnExampleThatRuns() throws IOException {
    String shown = matches(SNIPPET, Files.readString(ROOT.resolve("README.md"))).getFirst().group(1);
    List<String> lines = Files.readAllLines(Path.of("src/main/java/io/containerkit/examples/Exec.java"));
    List<String> body = lines.subList(lines.indexOf("  static void main() throws Exception {") + 1, lines.lastIndexOf("  }"));
    assertThat(shown).isEqualTo(String.join("\n", body).stripIndent() + "\n");
  }

  @Test
  void thePagesShowWhatIsCompiled() throws IOException {
    String compiled = unindented(Files.readString(SNIPPETS));
    List<Path> showing = new ArrayList<>();
    for (Path page : files(".md").stream().filter(page -> page.startsWith(ROOT.resolve("docs"))).toList()) {
      for (MatchResult snippet : matches(SNIPPET, Files.readString(page))) {
        showing.add(page);
        assertThat(compiled).as("%s", page).contains(unindented(snippet.group(1)));
      }
    }
    assertThat(showing).isNotEmpty();
  }

  @Test
  void theJavadocShowsWhatIsCompiled() throws IOException {
    String compiled = unindented(Files.readString(SNIPPETS));
    List<Path> showing = new ArrayList<>();
    for (Path file : files(".java")) {
      for (MatchResult snippet : matches(JAVADOC_SNIPPET, Files.readString(file))) {
        showing.add(file);
        assertThat(compiled).as("%s", file).contains(unindented(snippet.group(1).replace("///", "")));
      }
    }
    assertThat(showing).isNotEmpty();
  }

  private static String unindented(String code) {
    return code.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  @Test
  void theJavadocIsInOrder(@TempDir Path pages) {
    List<String> words = new ArrayList<>(List.of("-quiet", "-Werror", "-Xdoclint:all,-missing", "-d", pages.toString()));
    words.addAll(List.of("-p", Objects.requireNonNull(System.getProperty("jdk.module.path"), "the tests run on the module path")));
    for (String library : LIBRARIES) {
      words.addAll(List.of("--module-source-path", "io.containerkit." + library + "=" + ROOT.resolve(library).resolve("src/main/java")));
      words.addAll(List.of("--module", "io.containerkit." + library));
    }
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int status = ToolProvider.findFirst("javadoc").orElseThrow().run(out, out, words.toArray(String[]::new));
    assertThat(said.toString()).isEmpty();
    assertThat(status).isZero();
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    for (Path page : files(".md")) {
      for (MatchResult link : matches(LINK, Files.readString(page))) {
        if (!link.group(1).contains("://")) {
          assertThat(page.resolveSibling(link.group(1))).as("%s in %s", link.group(), page).exists();
        }
      }
    }
  }
}
