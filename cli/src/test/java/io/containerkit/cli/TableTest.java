package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(new Table("ID", "STATUS").row("a-long-id", "running").row("b", "stopped"))
        .hasToString(
            """
            ID         STATUS
            a-long-id  running
            b          stopped
            """);
  }

  @Test
  void whatAContainerSaysCannotMoveTheCursor() {
    assertThat(new Table("COMMAND", "X").row("a\u001b[2Jb\n", "y")).hasToString("COMMAND  X\na?[2Jb?  y\n");
  }

  @Test
  void aRowHasACellUnderEachHeading() {
    assertThatThrownBy(() -> new Table("A", "B").row("x")).isInstanceOf(IllegalArgumentException.class);
  }
}
