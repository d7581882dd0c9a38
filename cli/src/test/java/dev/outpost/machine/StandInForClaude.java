package dev.outpost.machine;

import dev.outpost.runner.ModelCaller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A program by the name of claude that prints what claude prints, asks its model once, and takes
 * its task for a shell script. A task with the word OVERLOADED in it meets a model that is.
 */
final class StandInForClaude {
  private static final String PROGRAM =
      """
      #!/bin/sh
      text=$(cat)
      task=${text##*The task:}
      case "$task" in
        *OVERLOADED*)
          echo '{"type":"result","subtype":"success","is_error":true,"api_error_status":529,\
      "result":"API Error: 529 Overloaded"}'
          exit 1 ;;
      esac
      MODEL_URL=$ANTHROPIC_BASE_URL MODEL_KEY=$ANTHROPIC_API_KEY $CALLER || exit 1
      sh -c "$task"
      echo '{"type":"result","subtype":"success","is_error":false,"result":"Done by claude.",\
      "total_cost_usd":0.25,"usage":{"input_tokens":10,"cache_creation_input_tokens":0,\
      "cache_read_input_tokens":0,"output_tokens":5}}'
      """
          .replace("\\\n", "");

  private StandInForClaude() {}

  static void install(Path folder) throws IOException {
    Path program = folder.resolve("claude");
    Files.writeString(program, PROGRAM.replace("$CALLER", ModelCaller.times(1)));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
