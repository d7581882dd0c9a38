package dev.outpost.runner;

import dev.outpost.run.Artifact;
import dev.outpost.run.Job;
import dev.outpost.run.Parent;
import dev.outpost.run.Resumable;
import dev.outpost.runner.gateway.Fetched;
import dev.outpost.runner.gateway.Gateway;
import dev.outpost.runner.log.LogStream;
import dev.outpost.runner.scrub.Scrubber;
import dev.outpost.runner.session.KeptSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The conversation of a run's agent: brought back at the beginning where there is an earlier one,
 * kept at the end for a later one. A run does not fail for it: without it the agent is told of the
 * earlier work instead. Safe for use by several threads.
 */
final class Conversation {
  private final Job job;
  private final Scrubber scrubber;
  private final LogStream log;
  private Optional<String> resumed = Optional.empty();

  Conversation(Job job, Scrubber scrubber, LogStream log) {
    this.job = job;
    this.scrubber = scrubber;
    this.log = log;
  }

  /** The id of the earlier conversation that the agent goes on with, if it does. */
  synchronized Optional<String> resumed() {
    return resumed;
  }

  /** Goes on without the earlier one. */
  synchronized void startAnew() {
    resumed = Optional.empty();
  }

  /** The command line to run. */
  List<String> command() {
    return resumed().isEmpty() ? job.command() : job.resumable().orElseThrow().command();
  }

  /**
   * Puts the earlier conversation into the fresh HOME, where there is one; tells what came of it.
   */
  void bring(Gateway gateway, RunDirectory places) {
    if (job.parent().isEmpty()) {
      return;
    }
    Parent parent = job.parent().get();
    Optional<String> id = Optional.empty();
    String why;
    if (job.resumable().isEmpty()) {
      why = job.agent() + " can't resume one here";
    } else if (parent.sessionUrl().isEmpty()) {
      why = "it was another agent's";
    } else {
      Path file = places.earlierSession();
      switch (gateway.download(parent.sessionUrl().get(), file, KeptSession.MAX_BYTES)) {
        case Fetched.Whole() -> {
          try {
            id = Optional.of(read(job.resumable().get(), file, places));
            why = "";
          } catch (IOException e) {
            why = String.valueOf(e.getMessage());
          }
        }
        case Fetched.Gone(int status) -> why = "none is kept (" + status + ")";
        case Fetched.Unfetched(String reason) -> why = "it could not be fetched: " + reason;
      }
    }
    synchronized (this) {
      resumed = id;
    }
    log.info(
        id.isPresent()
            ? "resuming the session of " + parent.dispatchId()
            : "the session of " + parent.dispatchId() + " is not resumed: " + why);
  }

  private String read(Resumable resumable, Path file, RunDirectory places) throws IOException {
    return KeptSession.read(file, resumable, places.home(), places.tree(), job.files().keySet());
  }

  /** Writes the conversation for a later run, where the agent has told its id. */
  void keep(Optional<String> session, RunDirectory places) {
    if (job.resumable().isEmpty() || session.isEmpty()) {
      return;
    }
    try {
      Optional<Long> size =
          KeptSession.write(
              job.resumable().get(),
              session.get(),
              places.home(),
              places.tree(),
              scrubber,
              places.artifact(Artifact.Type.SESSION));
      log.info(
          size.map(bytes -> "the session is kept for a follow-up: " + bytes + " bytes")
              .orElse("the agent left no session to resume"));
    } catch (IOException e) {
      log.error("the session is not kept for a follow-up: " + e.getMessage());
    }
  }
}
