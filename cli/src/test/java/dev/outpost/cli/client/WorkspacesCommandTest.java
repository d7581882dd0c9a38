package dev.outpost.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.cli.Typed.Came;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspacesCommandTest {
  private static final String ID = "wsp_0123456789abcdef0123456789abcdef";
  private static final String WORKSPACE =
      "{\"workspaceId\":\""
          + ID
          + "\",\"name\":\"default\",\"repository\":\"https://github.com/owner/name.git\","
          + "\"sizeBytes\":1234,\"lastUsedAt\":\"2026-03-01T11:59:48Z\",\"inUseBy\":null}";

  @TempDir private Path dir;
  private ScriptedApi api;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void workspacesAreListed() {
    Came came =
        api.says("{\"workspaces\":[" + WORKSPACE + "]}").typed(dir).run("workspaces", "list");

    assertThat(came.exit()).isZero();
    assertThat(came.out().lines())
        .hasSize(2)
        .last()
        .asString()
        .contains(
            ID, "default", "https://github.com/owner/name.git", "1234", "2026-03-01T11:59:48Z");
    assertThat(api.heard().getFirst().uri()).isEqualTo("/workspaces");
  }

  @Test
  void oneIsShown() {
    Came came = api.says(WORKSPACE).typed(dir).run("workspaces", "show", ID);

    assertThat(came.exit()).isZero();
    assertThat(came.out()).contains(ID, "1234");
    assertThat(api.heard().getFirst().uri()).isEqualTo("/workspaces/" + ID);
  }

  @Test
  void oneIsDeleted() {
    Came came =
        api.says("{\"workspaceId\":\"" + ID + "\",\"deleted\":true}")
            .typed(dir)
            .run("workspaces", "delete", ID);

    assertThat(came).isEqualTo(new Came(0, "deleted " + ID + "\n", ""));
    assertThat(api.heard().getFirst().method()).isEqualTo("DELETE");
    assertThat(api.heard().getFirst().uri()).isEqualTo("/workspaces/" + ID);
  }
}
