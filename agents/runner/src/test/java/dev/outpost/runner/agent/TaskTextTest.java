package dev.outpost.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.Budget;
import dev.outpost.run.Context;
import dev.outpost.run.Job;
import dev.outpost.run.Parent;
import dev.outpost.run.Workspace;
import dev.outpost.runner.scrub.Scrubber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private Optional<String> standing = Optional.empty();

  private TaskText text(Context context) throws IOException {
    return text(context, Optional.empty());
  }

  private TaskText text(Context context, Optional<Parent> parent) throws IOException {
    Job job =
        new Job(
            "dsp_01",
            1,
            "token",
            "claude",
            Optional.empty(),
            "do it",
            new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.FULL),
            parent,
            Optional.empty(),
            Optional.empty(),
            Optional.of(context),
            standing,
            List.of("claude"),
            true,
            Job.Output.TEXT,
            Map.of(),
            Map.of(),
            Map.of(),
            Optional.empty(),
            Budget.NONE,
            Duration.ofMinutes(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));
    return TaskText.of(job, tree, new Scrubber(List.of("hunter2hunter2")));
  }

  @Test
  void aFollowUpHearsOfTheEarlierWorkWithinTheSameBudget() throws IOException {
    Files.writeString(tree.resolve("README.md"), "r".repeat(10_000));
    String earlier = "e".repeat(990) + "hunter2hunter2 " + "f".repeat(40_000);
    TaskText text =
        text(
            Context.MINIMAL,
            Optional.of(
                new Parent(
                    "dsp_00", Optional.empty(), "https://x", earlier, "key hunter2hunter2")));
    assertThat(text.text())
        .startsWith("You continue earlier work")
        .containsSubsequence("eee", "key [REDACTED]", "own guides", "rrr", "The task:\n\ndo it")
        .doesNotContain("hunter")
        .doesNotContain("fffff");
    assertThat(text.guideCharacters()).isLessThanOrEqualTo(Context.MINIMAL.tokens() * 4);
    assertThat(text.guides()).containsExactly("README.md");
  }

  @Test
  void theEarlierWorkIsToldInATreeWithoutGuidesToo() throws IOException {
    TaskText text =
        text(
            Context.FULL,
            Optional.of(new Parent("dsp_00", Optional.empty(), "https://x", "first this", "")));
    assertThat(text.text()).contains("first this").endsWith("The task:\n\ndo it");
    assertThat(text.guides()).isEmpty();
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

  @Test
  void whatTheTenantWantsKnownComesBeforeTheGuides() throws IOException {
    Files.writeString(tree.resolve("AGENTS.md"), "the repository's guide");
    standing = Optional.of("We write British English.");
    TaskText text = text(Context.STANDARD);
    assertThat(text.text())
        .containsSubsequence("British English", "the repository's guide", "The task:\n\ndo it");
    assertThat(text.guides()).containsExactly("AGENTS.md");
    assertThat(text.standingCharacters()).isBetween(25, 100);
    assertThat(text.guideCharacters()).isEqualTo(text.text().length() - "do it".length());
  }

  @Test
  void aLongDocumentLeavesTheGuidesTheirHalf() throws IOException {
    Files.writeString(tree.resolve("README.md"), "y".repeat(9000));
    standing = Optional.of("x".repeat(20_000));
    for (Context context : Context.values()) {
      TaskText text = text(context);
      int budget = context.tokens() * 4;
      assertThat(text.guideCharacters()).isBetween(budget - 10, budget);
      assertThat(text.standingCharacters()).isBetween(budget / 2 - 20, budget / 2);
      assertThat(text.text()).contains("yyy");
    }
  }

  @Test
  void withoutGuidesTheDocumentHasItAll() throws IOException {
    standing = Optional.of("x".repeat(20_000));
    TaskText text = text(Context.FULL);
    assertThat(text.guideCharacters()).isBetween(7190, 7200);
    assertThat(text.guides()).isEmpty();
  }

  @Test
  void aDocumentsSecretsAreScrubbedBeforeAndAfterTheCut() throws IOException {
    standing = Optional.of("x".repeat(2300) + "hunter2hunter2 ".repeat(9));
    assertThat(text(Context.MINIMAL).text()).doesNotContain("hunter");
    standing = Optional.of("the password is hunter2hunter2, mind");
    assertThat(text(Context.MINIMAL).text()).contains("the password is [REDACTED], mind");
  }
}
