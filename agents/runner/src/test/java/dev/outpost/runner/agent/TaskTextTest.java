package dev.outpost.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.Context;
import dev.outpost.runner.scrub.Scrubber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTextTest {
  @TempDir private Path directory;
  private Path tree;

  @BeforeEach
  void makeTree() throws IOException {
    tree = Files.createDirectory(directory.resolve("tree"));
  }

  private TaskText text(Context context) throws IOException {
    return TaskText.withGuides("do it", context, tree, new Scrubber(List.of("hunter2hunter2")));
  }

  @Test
  void guidesComeInOrderAndTheTaskLast() throws IOException {
    Files.writeString(tree.resolve("CONTRIBUTING.md"), "fourth");
    Files.writeString(tree.resolve("README.md"), "third");
    Files.writeString(tree.resolve("CLAUDE.md"), "second");
    Files.writeString(tree.resolve("AGENTS.md"), "first");
    TaskText text = text(Context.STANDARD);
    assertThat(text.guides())
        .containsExactly("AGENTS.md", "CLAUDE.md", "README.md", "CONTRIBUTING.md");
    assertThat(text.text()).containsSubsequence("first", "second", "third", "fourth");
    assertThat(text.text()).endsWith("The task:\n\ndo it");
  }

  @Test
  void thePreambleKeepsItsBudgetAndLosesNoSecretAtTheCut() throws IOException {
    int budget = Context.MINIMAL.tokens() * 4;
    // The secret would be cut in its middle.
    Files.writeString(
        tree.resolve("README.md"), "x".repeat(budget - 100) + "hunter2hunter2 ".repeat(9));
    TaskText text = text(Context.MINIMAL);
    assertThat(text.guideCharacters()).isLessThanOrEqualTo(budget).isGreaterThan(budget - 120);
    assertThat(text.text()).doesNotContain("hunter");
  }

  @Test
  void linksOutOfTheTreeAndDirectoriesAreNoGuides() throws IOException {
    Path outside = Files.writeString(directory.resolve("outside"), "not yours");
    Files.createSymbolicLink(tree.resolve("AGENTS.md"), outside);
    Files.createDirectory(tree.resolve("README.d"));
    Files.createDirectory(tree.resolve(".git"));
    Files.writeString(tree.resolve(".git/config"), "[remote]");
    Files.createSymbolicLink(tree.resolve("CONTRIBUTING"), tree.resolve(".git/config"));
    assertThat(text(Context.FULL)).isEqualTo(TaskText.plain("do it"));
  }

  @Test
  void aGuideWithTwoNamesComesOnce() throws IOException {
    Files.writeString(tree.resolve("AGENTS.md"), "the guide");
    Files.createSymbolicLink(tree.resolve("CLAUDE.md"), Path.of("AGENTS.md"));
    assertThat(text(Context.FULL).guides()).containsExactly("AGENTS.md");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/clear", "  /usr/bin/env is odd", "\n/help"})
  void aTaskIsNoCommandOfTheProgramsOwn(String task) {
    assertThat(TaskText.spoken(task).text()).startsWith("The task:\n\n").endsWith(task);
    assertThat(TaskText.spoken("mend a/b").text()).isEqualTo("mend a/b");
  }
}
