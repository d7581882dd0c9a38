package dev.outpost.runner.stub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the model does next. */
sealed interface Turn {
  /** It wants a tool used. */
  record Use(String tool, Map<String, Object> arguments) implements Turn {}

  /** It says its last words. */
  record Say(String text) implements Turn {}

  /**
   * The uses of an agent's own tools that edit {@link StubModel#FILE}; none when it has no such.
   */
  static List<Use> edit(Set<String> tools, String directory) {
    String file = directory.isEmpty() ? StubModel.FILE : directory + "/" + StubModel.FILE;
    List<Use> uses = new ArrayList<>();
    if (tools.contains("Edit") && tools.contains("Read")) { // claude
      uses.add(new Use("Read", Map.of("file_path", file)));
      uses.add(new Use("Edit", replacement(file)));
    } else if (tools.contains("search_replace")) { // grok
      uses.add(new Use("read_file", Map.of("target_file", StubModel.FILE)));
      uses.add(new Use("search_replace", replacement(StubModel.FILE)));
    } else if (tools.contains("replace")) { // gemini
      Map<String, Object> arguments = replacement(StubModel.FILE);
      arguments.put("instruction", "Greet from the model.");
      uses.add(new Use("read_file", Map.of("file_path", StubModel.FILE)));
      uses.add(new Use("replace", arguments));
    } else if (tools.contains("exec_command")) { // codex, which takes this command for its tool
      String patch =
          "apply_patch <<'EOF'\n*** Begin Patch\n*** Update File: "
              + StubModel.FILE
              + "\n@@\n-"
              + StubModel.BEFORE
              + "\n+"
              + StubModel.AFTER
              + "\n*** End Patch\nEOF";
      uses.add(new Use("exec_command", Map.of("cmd", patch)));
    }
    return uses;
  }

  private static Map<String, Object> replacement(String file) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("file_path", file);
    arguments.put("old_string", StubModel.BEFORE);
    arguments.put("new_string", StubModel.AFTER);
    return arguments;
  }

  /** A command that takes ten minutes, by the agent's own tool. */
  static Use longCommand(Set<String> tools) {
    // claude refuses a bare sleep.
    String command = "timeout " + StubModel.LONG_COMMAND_SECONDS + " tail -f /dev/null";
    if (tools.contains("Bash")) {
      return new Use("Bash", Map.of("command", command, "timeout", 600_000));
    }
    if (tools.contains("run_terminal_command")) {
      return new Use(
          "run_terminal_command",
          Map.of("command", command, "description", "Waits.", "timeout", 600_000));
    }
    if (tools.contains("run_shell_command")) {
      return new Use("run_shell_command", Map.of("command", command));
    }
    return new Use("exec_command", Map.of("cmd", command, "yield_time_ms", 600_000));
  }
}
