package dev.outpost.cdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.edge.CatalogueFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the agents' Dockerfiles promise; nothing here can build them. */
class ImagesTest {
  private static final Path IMAGES = Templates.ROOT.resolve("agents/images");

  /** A tag that is exact or dated, or one of our own. */
  private static final Pattern PINNED =
      Pattern.compile("outpost-base|[a-z0-9/-]+:[a-z0-9.-]*\\d+(\\.\\d+|\\d{7}).*");

  private static final Pattern ARGUMENT = Pattern.compile("ARG ([A-Z_]+)");

  static List<String> folders() throws IOException {
    try (Stream<Path> files = Files.list(IMAGES)) {
      return files
          .filter(folder -> Files.exists(folder.resolve("Dockerfile")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void everyAgentOfTheCatalogueHasAnImageAndNoOther() throws IOException {
    List<String> agents = new ArrayList<>(folders());
    assertThat(agents.remove("base")).isTrue();
    assertThat(agents).containsExactlyInAnyOrderElementsOf(CatalogueFile.packaged().ids());
  }

  /** The Dockerfile's instructions, continued lines joined. */
  private static List<String> instructions(String folder) throws IOException {
    List<String> instructions = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    for (String line : Files.readAllLines(IMAGES.resolve(folder).resolve("Dockerfile"))) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      current.append(line.endsWith("\\") ? line.substring(0, line.length() - 1) : line);
      if (!line.endsWith("\\")) {
        instructions.add(current.toString().replaceAll("\\s+", " ").strip());
        current.setLength(0);
      }
    }
    assertThat(current).isEmpty();
    return instructions;
  }

  @ParameterizedTest
  @MethodSource("folders")
  void everyBaseIsPinnedAndNothingIsFetchedByTheEngine(String folder) throws IOException {
    List<String> instructions = instructions(folder);
    assertThat(instructions.getFirst()).startsWith("FROM ");
    for (String instruction : instructions) {
      if (instruction.startsWith("FROM ")) {
        String image = instruction.substring("FROM ".length()).split(" ", 2)[0];
        assertThat(PINNED.matcher(image).matches()).as(image).isTrue();
        assertThat(image).doesNotContain("latest");
      }
      assertThat(instruction).doesNotStartWith("ADD ");
      assertThat(instruction).doesNotContain("| sh", "| bash");
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void anImageEndsAsTheUserOfItsTaskDefinition(String folder) throws IOException {
    List<String> users =
        instructions(folder).stream().filter(line -> line.startsWith("USER ")).toList();
    assertThat(users.getLast()).isEqualTo("USER " + Agents.USER);
  }

  @ParameterizedTest
  @MethodSource("folders")
  void noSetuidBitOutlivesWhatIsInstalled(String folder) throws IOException {
    List<String> instructions = instructions(folder);
    List<String> last =
        instructions.subList(lastIndexOf(instructions, "FROM "), instructions.size());
    int strips = lastIndexOf(last, "RUN find / -xdev -type f -perm /6000 -exec chmod a-s {} +");
    boolean brings =
        last.stream().anyMatch(l -> l.startsWith("RUN apt-get") || l.startsWith("COPY --from"));
    assertThat(strips >= 0 || !brings).isTrue();
    for (int i = strips + 1; i < last.size() && strips >= 0; i++) {
      assertThat(last.get(i)).doesNotStartWith("RUN ");
    }
  }

  private static int lastIndexOf(List<String> lines, String start) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).startsWith(start)) {
        return i;
      }
    }
    return -1;
  }

  @ParameterizedTest
  @MethodSource("folders")
  void everyVersionIsTheOneFilesAndTheProgramIsAskedForIt(String folder) throws IOException {
    Set<String> known = new HashSet<>();
    for (String line : Files.readAllLines(Templates.ROOT.resolve("agents/versions.env"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        assertThat(line).matches("[A-Z]+_(VERSION=\\d+(\\.\\d+)+|NPM=@?[a-z0-9/-]+)");
        known.add(line.substring(0, line.indexOf('=')));
      }
    }
    String text = String.join("\n", instructions(folder));
    Matcher argument = ARGUMENT.matcher(text);
    while (argument.find()) {
      assertThat(known).contains(argument.group(1));
      if (argument.group(1).endsWith("_VERSION")) {
        assertThat(text)
            .contains("--version | grep --fixed-strings \"${" + argument.group(1) + "}\"");
      }
    }
    if (text.contains("FROM node:")) {
      assertThat(text).contains("FROM node:" + value("NODE_VERSION") + "-");
    }
  }

  private static String value(String name) throws IOException {
    return Files.readAllLines(Templates.ROOT.resolve("agents/versions.env")).stream()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theBaseHasTwoUsersAndTheVolumesThatTaskDefinitionsMount() throws IOException {
    String text = String.join("\n", instructions("base"));
    assertThat(text).contains("useradd --uid 10001", "useradd --uid 10002");
    assertThat(text).contains("VOLUME [\"" + String.join("\", \"", Agents.SCRATCH) + "\"]");
    assertThat(text).contains("ENTRYPOINT [\"/opt/outpost/jre/bin/java\"");
  }

  @Test
  void theBuildIsForArm64() throws IOException {
    assertThat(Files.readString(IMAGES.resolve("build")))
        .contains("platform=linux/arm64", "docker buildx build", "--platform \"$platform\"");
    assertThat(Files.isExecutable(IMAGES.resolve("build"))).isTrue();
  }
}
