package dev.outpost.runner.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts a command into a session, and so into a process group, of its own. */
final class Session {
  private static final String PERL =
      "use POSIX; POSIX::setsid() != -1 or die \"setsid: $!\\n\"; exec {$ARGV[0]} @ARGV"
          + " or die \"$ARGV[0]: $!\\n\"";

  private Session() {}

  /**
   * The command that runs {@code command} as the leader of a new session: both tools exec it, so
   * that the process keeps its id, which is then the group's id too.
   *
   * @throws CannotStart without setsid and perl on the PATH
   */
  static List<String> leading(List<String> command, String searchPath) throws CannotStart {
    List<String> words = new ArrayList<>();
    Optional<String> setsid = Executables.find("setsid", searchPath).map(Object::toString);
    Optional<String> perl = Executables.find("perl", searchPath).map(Object::toString);
    if (setsid.isPresent()) {
      words.add(setsid.get());
    } else if (perl.isPresent()) {
      words.addAll(List.of(perl.get(), "-e", PERL, "--"));
    } else {
      throw new CannotStart(
          "this machine has neither setsid nor perl on its PATH: one of them is needed to end an"
              + " agent with all that it started");
    }
    words.addAll(command);
    return words;
  }
}
