package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.Json;
import io.containerkit.spec.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {

  private static final JsonObject DOCUMENT =
      Json.readObject(
          """
          {"ID":"abc","Size":12,"On":true,"Off":null,"Config":{"Env":["A=b","C=d"],"Labels":{"x":"y"}}}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          {{.ID}} => abc
          {{ .ID }}/{{.Size}} => abc/12
          id={{.ID}}, {{.On}} {{.Off}} => id=abc, true <nil>
          {{.Config.Env}} => [A=b C=d]
          {{.Config.Labels}} {{.Config.Labels.x}} => map[x:y] y
          {{json .Config.Env}} => ["A=b","C=d"]
          {{json .Config}} => {"Env":["A=b","C=d"],"Labels":{"x":"y"}}
          no field => no field
          }} => }}
          """)
  void fieldsTakeThePlaceOfTheirNames(String template, String text) {
    assertThat(Template.of(template).render(DOCUMENT)).isEqualTo(text);
  }

  @Test
  void theWholeDocumentIsAField() {
    assertThat(Template.of("{{json .}}").render(DOCUMENT)).isEqualTo(Json.write(DOCUMENT));
  }

  @Test
  void tabsAndLineEndsMayBeWrittenForAShell() {
    assertThat(Template.of("{{.ID}}\\t{{.Size}}\\n").render(DOCUMENT)).isEqualTo("abc\t12\n");
  }

  @Test
  void headingsAreThoseOfTheTableOrTheFieldsNames() {
    assertThat(Template.of("{{.ID}}\\t{{.Config.Env}}").headings(Map.of("ID", "IMAGE ID"))).isEqualTo("IMAGE ID\tCONFIG ENV");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          {{.ID => --format "{{.ID": {{ is not closed
          {{ID}} => --format "{{ID}}": {{ID}} is neither a field, such as {{.ID}}, nor {{json .ID}}
          {{range .}} => --format "{{range .}}": {{range .}} is neither a field, such as {{.ID}}, nor {{json .ID}}
          {{.Nope}} => --format "{{.Nope}}": there is no field Nope; there are ID, Size, On, Off, Config
          {{.ID.Nope}} => --format "{{.ID.Nope}}": there is no field Nope
          {{.Config.}} => --format "{{.Config.}}": there is no field ; there are Env, Labels
          """)
  void whatIsNotKnownIsRefused(String template, String message) {
    assertThatThrownBy(() -> Template.of(template).render(DOCUMENT)).isInstanceOf(UsageException.class).hasMessage(message);
  }
}
