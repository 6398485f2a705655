package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.EngineException;
import io.containerkit.spec.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersTest {

  @TempDir private Path root;

  private static final List<String> PASSWD =
      List.of(
          "root:x:0:0:root:/root:/bin/sh",
          "web:x:33:33:web:/var/www:/bin/false",
          "1000:x:7:8:a user called by digits:/:/bin/sh",
          "broken:x:not-a-number:1::/:/bin/sh",
          "short:x:5");

  private static final List<String> GROUP =
      List.of("root:x:0:", "web:x:33:", "log:x:44:syslog,web", "disk:x:45:web", "twice:x:45:web", "short");

  private static final Users USERS =
      new Users(
          file ->
              switch (file) {
                case "/etc/passwd" -> PASSWD;
                case "/etc/group" -> GROUP;
                default -> List.of();
              });

  @Test
  void aNameHasItsGroupAndItsSupplementaryGroups() {
    assertThat(USERS.resolve("web")).isEqualTo(User.of(33, 33).withAdditionalGids(List.of(33L, 44L, 45L)));
  }

  @Test
  void aKnownNumberIsLikeItsName() {
    assertThat(USERS.resolve("33")).isEqualTo(USERS.resolve("web"));
  }

  @Test
  void anUnknownNumberStandsForItself() {
    assertThat(USERS.resolve("4711")).isEqualTo(User.of(4711, 0).withAdditionalGids(List.of(0L)));
  }

  @Test
  void aGivenGroupReplacesAllOthers() {
    assertThat(USERS.resolve("web:log")).isEqualTo(User.of(33, 44).withAdditionalGids(List.of(44L)));
    assertThat(USERS.resolve("web:4711")).isEqualTo(User.of(33, 4711).withAdditionalGids(List.of(4711L)));
    assertThat(USERS.resolve("4711:4712")).isEqualTo(User.of(4711, 4712).withAdditionalGids(List.of(4712L)));
  }

  @Test
  void aNameOfDigitsWinsOverTheNumber() {
    assertThat(USERS.resolve("1000")).isEqualTo(User.of(7, 8).withAdditionalGids(List.of(8L)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "broken", "short", "", ":", "web:", "web:nogroup", "-1", "+5", "2147483648", "99999999999999999999", "1 "})
  void whatIsNoUserIsRefused(String user) {
    assertThatThrownBy(() -> USERS.resolve(user)).isInstanceOf(EngineException.class).hasMessageContaining("no ");
  }

  @Test
  void theFilesAreThoseOfTheRootWhateverLinksAreInIt() throws IOException {
    Files.createDirectories(root.resolve("etc"));
    Files.createDirectories(root.resolve("real"));
    Files.writeString(root.resolve("real/passwd"), "app:x:70:71::/:\n");
    Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("/real/passwd"));
    Path outside = Files.writeString(root.resolveSibling(root.getFileName() + "-outside"), "secret:x:72:app\n");
    try {
      Files.createSymbolicLink(root.resolve("etc/group"), outside);
      assertThat(Users.of(root).resolve("app")).isEqualTo(User.of(70, 71).withAdditionalGids(List.of(71L)));
    } finally {
      Files.delete(outside);
    }
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatIsNoRegularFileIsRefusedAndNotWaitedFor() throws Exception {
    Files.createDirectories(root.resolve("etc"));
    assertThat(new ProcessBuilder("mkfifo", root.resolve("etc/passwd").toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> Users.of(root).resolve("app"))
        .isInstanceOf(EngineException.class)
        .hasMessage("users cannot be looked up: /etc/passwd in the root " + root + " is no regular file");
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws IOException {
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/passwd"), "app:x:70:71::/:\n".repeat(1 << 17));
    assertThatThrownBy(() -> Users.of(root).resolve("app")).isInstanceOf(EngineException.class).hasMessageContaining("has more than 1048576 bytes");
  }
}
