package dev.outpost.cli.client;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.SpeaksJson;
import dev.outpost.cli.shell.Table;
import dev.outpost.run.Artifact;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists or fetches what a run left behind. */
@Command(
    name = "artifacts",
    description = "Lists or fetches what a dispatch left behind.",
    footer = {"", "To take over an agent's changes:  outpost artifacts ID --patch | git apply"})
public final class ArtifactsCommand implements Callable<Integer>, SpeaksJson {
  // What a server says is a file name must not become a path.
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");

  private final Shell shell;

  @Mixin private ConnectionOptions connection;

  @ArgGroup private What what;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Parameters(paramLabel = "ID", description = "The dispatch's id.")
  private String id = "";

  /** The command in that shell. */
  public ArtifactsCommand(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  static final class What {
    @Option(
        names = "--download",
        paramLabel = "DIR",
        description = "Write them all into that folder.")
    private Optional<Path> download = Optional.empty();

    @Option(names = "--patch", description = "Print the patch, for git apply.")
    private boolean patch;
  }

  @Override
  public boolean json() {
    return json;
  }

  @Override
  public Integer call() {
    Api api = connection.api(shell);
    Map<String, Object> data = api.get("/artifacts/" + Api.encode(id), Map.of());
    List<Map<String, Object>> artifacts = Json.maps(data.get("artifacts"));
    if (what != null && what.patch) {
      print(api, artifacts);
    } else {
      Optional<Path> folder = Optional.ofNullable(what).flatMap(wanted -> wanted.download);
      List<Path> files = new ArrayList<>();
      folder.ifPresent(path -> files.addAll(download(api, artifacts, shell.resolve(path))));
      if (json) {
        shell.printer().println(Json.print(data));
      } else if (folder.isPresent()) {
        files.forEach(file -> shell.printer().println(file));
      } else {
        table(artifacts);
      }
    }
    return ExitCode.OK.number();
  }

  private void table(List<Map<String, Object>> artifacts) {
    Table table = new Table("FILE", "BYTES", "TYPE");
    for (Map<String, Object> artifact : artifacts) {
      table.add(
          fileName(artifact),
          Json.text(artifact, "sizeBytes").orElse("-"),
          Json.text(artifact, "contentType").orElse("-"));
    }
    table.lines(Integer.MAX_VALUE).forEach(shell.printer()::println);
  }

  private void print(Api api, List<Map<String, Object>> artifacts) {
    String patch = Artifact.Type.PATCH.fileName();
    Map<String, Object> artifact =
        artifacts.stream()
            .filter(one -> fileName(one).equals(patch))
            .findFirst()
            .orElseThrow(
                () ->
                    Refusal.refused(
                        "NO_PATCH", id + " left no patch", List.of("see: outpost status " + id)));
    try (InputStream in = api.download(address(artifact))) {
      in.transferTo(shell.out());
      shell.out().flush();
    } catch (IOException e) {
      throw Refusal.local("the patch broke off: " + e.getMessage());
    }
  }

  private List<Path> download(Api api, List<Map<String, Object>> artifacts, Path folder) {
    List<Path> files = new ArrayList<>();
    try {
      Files.createDirectories(folder);
      for (Map<String, Object> artifact : artifacts) {
        String name = fileName(artifact);
        if (!FILE_NAME.matcher(name).matches()) {
          throw Refusal.broken("UNEXPECTED_ANSWER", "not a file name: " + name);
        }
        Path file = folder.resolve(name);
        Path partial = Files.createTempFile(folder, ".", ".part");
        try (InputStream in = api.download(address(artifact))) {
          Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
          Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
          Files.deleteIfExists(partial);
        }
        files.add(file);
      }
    } catch (IOException e) {
      throw Refusal.local("can't write into " + folder + ": " + e.getMessage());
    }
    return files;
  }

  /** The last part of the artifact's key. */
  private static String fileName(Map<String, Object> artifact) {
    String key = Json.text(artifact, "key").orElse("-");
    return key.substring(key.lastIndexOf('/') + 1);
  }

  private static String address(Map<String, Object> artifact) {
    return Json.text(artifact, "url")
        .orElseThrow(() -> Refusal.broken("UNEXPECTED_ANSWER", "an artifact has no address"));
  }
}
