package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.CommandException;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerConfigTest {

  @TempDir private Path directory;

  private DockerConfig config(String text) throws IOException {
    return DockerConfig.of(
        Files.writeString(directory.resolve("config.json"), text.replace('\'', '"')), Map.of("PATH", "/nowhere:" + directory));
  }

  private void helper(String name, String script) throws IOException {
    var file = Files.writeString(directory.resolve("docker-credential-" + name), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'auths':{'reg.io':{'auth':'bWU6YTpi'}}} | reg.io | Password[username=me]",
        "{'auths':{'https://reg.io/v1/':{'auth':'bWU6YTpi'}}} | reg.io | Password[username=me]",
        "{'auths':{'https://index.docker.io/v1/':{'auth':'bWU6YTpi'}}} | docker.io | Password[username=me]",
        "{'auths':{'docker.io':{'username':'you','password':'p'}}} | docker.io | Password[username=you]",
        "{'auths':{'reg.io':{'auth':'bWU6YTpi','identitytoken':'t'}}} | reg.io | IdentityToken[]",
        "{'auths':{'reg.io':{'registrytoken':'t'}}} | reg.io | RegistryToken[]",
        "{'auths':{'reg.io:5000':{'auth':'bWU6YTpi'}}} | reg.io | Anonymous[]",
        "{'auths':{'evilreg.io':{'auth':'bWU6YTpi'}}} | reg.io | Anonymous[]",
        "{'auths':{'reg.io/team':{'auth':'bWU6YTpi'}}} | reg.io | Anonymous[]",
        "{'auths':{'reg.io':{}}} | reg.io | Anonymous[]",
        "{} | reg.io | Anonymous[]",
        "{'auths':null,'HttpHeaders':{}} | reg.io | Anonymous[]",
      })
  void knowsTheEntryOfARegistry(String text, String registry, String expected) throws Exception {
    assertThat(config(text).credential(registry)).hasToString(expected);
  }

  @Test
  void keepsColonsOfAPassword() throws Exception {
    assertThat(config("{'auths':{'reg.io':{'auth':'bWU6YTpi'}}}").credential("reg.io"))
        .isEqualTo(new Credential.Password("me", "a:b"));
  }

  @Test
  void refusesABrokenEntryWithoutShowingIt() throws Exception {
    var config = config("{'auths':{'reg.io':{'auth':'%%secret%%'}}}");
    assertThatThrownBy(() -> config.credential("reg.io"))
        .hasMessageEndingWith("config.json /auths/reg.io/auth: is not base64")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'auths':{'reg.io':{'auth':secret}}}", "{'auths':{'reg.io':{'auth':['secret']}}}", "{'auths':{'reg.io':{'auth':'secret",
        "{'auths':{'reg.io':'secret'}}", "{'auths':{'reg.io':{'auth':'c2VjcmV0'}}}", "'secret'", "secret",
        "{'auths':{'reg.io':{'auth':'\\secret'}}}", "{'auths':{'reg.io':{'auth':5secret}}}",
      })
  void noBrokenDocumentShowsItsSecrets(String document) throws Exception {
    var config = config(document);
    assertThatThrownBy(() -> config.credential("reg.io")).satisfies(DockerConfigTest::showsNoSecret);
    helper("broken", "echo '" + document.replace("'", "\"").replace("auths", "Secret") + "'");
    var helped = config("{'credsStore':'broken'}");
    assertThatThrownBy(() -> helped.credential("reg.io")).satisfies(DockerConfigTest::showsNoSecret);
  }

  private static void showsNoSecret(Throwable e) {
    assertThat(Throwables.getStackTrace(e)).doesNotContain("secret", "c2VjcmV0");
  }

  @Test
  void aFileThatIsNotThereKnowsNobody() throws Exception {
    assertThat(DockerConfig.of(directory.resolve("none.json")).credential("reg.io")).isEqualTo(Credential.ANONYMOUS);
    assertThat(DockerConfig.user(Map.of("DOCKER_CONFIG", "/x"), Path.of("/home/me")).file()).hasToString("/x/config.json");
    assertThat(DockerConfig.user(Map.of(), Path.of("/home/me")).file()).hasToString("/home/me/.docker/config.json");
  }

  @Test
  void loginKeepsWhatElseIsInTheFileAndLogoutRemovesEveryName() throws Exception {
    var config = config("{'auths':{'https://reg.io/v1/':{'auth':'old'},'other.io':{'auth':'bWU6YTpi'}},'psFormat':'x'}");
    config.login("reg.io", new Credential.Password("me", "a:b"));
    assertThat(config.credential("reg.io")).isEqualTo(new Credential.Password("me", "a:b"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config.file()))).isEqualTo("rw-------");
    config.login("docker.io", new Credential.Password("hub", "x"));
    assertThat(Files.readString(config.file())).contains("https://index.docker.io/v1/", "psFormat", "other.io").doesNotContain("old");
    config.logout("reg.io");
    config.logout("docker.io");
    assertThat(Json.readObject(config.file()))
        .isEqualTo(Json.readObject("{\"auths\":{\"other.io\":{\"auth\":\"bWU6YTpi\"}},\"psFormat\":\"x\"}"));
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void asksAHelper() throws Exception {
    helper("fake", "[ $1 = get ] || exit 9; read s; echo '{\"ServerURL\":\"x\",\"Username\":\"u:'$s'\",\"Secret\":\"pw\"}'");
    var config = config("{'credsStore':'none','credHelpers':{'reg.io':'fake','docker.io':'fake'}}");
    assertThat(config.credential("reg.io")).isEqualTo(new Credential.Password("u:reg.io", "pw"));
    assertThat(config.credential("docker.io")).isEqualTo(new Credential.Password("u:https://index.docker.io/v1/", "pw"));
  }

  @Test
  void aHelperMayKeepAnIdentityTokenOrNothing() throws Exception {
    helper("token", "echo '{\"Username\":\"<token>\",\"Secret\":\"refresh\"}'");
    helper("empty", "echo 'credentials not found in native keychain'; exit 1");
    var config = config("{'credHelpers':{'a.io':'token','b.io':'empty'},'auths':{'b.io':{'auth':'bWU6YTpi'}}}");
    assertThat(config.credential("a.io")).isEqualTo(new Credential.IdentityToken("refresh"));
    assertThat(config.credential("b.io")).isEqualTo(new Credential.Password("me", "a:b"));
  }

  @Test
  void loginAndLogoutGoThroughTheHelper() throws Exception {
    helper("fake", "cat > " + directory + "/$1");
    var config = config("{'credsStore':'fake'}");
    config.login("reg.io", new Credential.Password("me", "pw"));
    assertThat(Files.readString(directory.resolve("store")))
        .isEqualTo("{\"ServerURL\":\"reg.io\",\"Username\":\"me\",\"Secret\":\"pw\"}");
    config.logout("reg.io");
    assertThat(Files.readString(directory.resolve("erase"))).isEqualTo("reg.io");
    assertThat(Files.readString(config.file())).doesNotContain("pw");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "a/b", "", " ", "-x", "a b"})
  void refusesAHelperThatIsNoName(String name) {
    assertThatThrownBy(() -> new CredentialHelper(name, "/bin")).isInstanceOf(ContainerException.class);
  }

  @Test
  void tellsHowAHelperFailed() throws Exception {
    helper("fails", "echo locked; exit 3");
    helper("slow", "exec sleep 30");
    helper("huge", "exec yes");
    helper("garbage", "echo '<html>'");
    var path = directory.toString();
    assertThatThrownBy(() -> new CredentialHelper("fails", path).get("reg.io"))
        .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.exitStatus()).hasValue(3))
        .hasMessage("docker-credential-fails get: it failed for reg.io: locked");
    assertThatThrownBy(() -> new CredentialHelper("none", path).get("reg.io")).hasMessageContaining("is not on the PATH");
    var deadline = Duration.ofMillis(300);
    assertThatThrownBy(() -> new CredentialHelper("slow", path, deadline).get("reg.io")).hasMessageContaining("did not answer within 300 ms");
    assertThatThrownBy(() -> new CredentialHelper("huge", path, deadline).get("reg.io")).isInstanceOf(CommandException.class);
    assertThatThrownBy(() -> new CredentialHelper("garbage", path).get("reg.io")).isInstanceOf(ContainerException.class);
  }
}
