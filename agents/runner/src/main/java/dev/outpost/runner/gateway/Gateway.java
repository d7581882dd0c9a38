package dev.outpost.runner.gateway;

import dev.outpost.protocol.MalformedMessage;
import dev.outpost.protocol.RunnerProtocol;
import dev.outpost.run.Claim;
import dev.outpost.run.Report;
import dev.outpost.runner.stop.Deadline;
import dev.outpost.runner.stop.StopSignal;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The control plane as a runner sees it. Thread-safe. */
public final class Gateway {
  private static final Duration UPLOAD_PATIENCE = Duration.ofMinutes(1);
  private static final Set<Integer> DISOWNING = Set.of(401, 403, 404, 409, 410);
  private static final int MOST_MALFORMED = 3;

  private final Http http = new Http();
  private final URI base;
  private final Patience patience;
  private final StopSignal stop;

  /**
   * A gateway at this base URL.
   *
   * @param base with or without a slash at its end
   * @param patience for claims and final reports
   * @param stop ends the tries of a claim
   */
  public Gateway(URI base, Patience patience, StopSignal stop) {
    this.base = base;
    this.patience = patience;
    this.stop = stop;
  }

  private URI at(String path) {
    String text = base.toString();
    return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
  }

  /**
   * Claims the job, again and again until somebody answers: as the same claimant, so that a lost
   * answer does no harm.
   */
  public ClaimAnswer claim(Claim claim) {
    Backoff backoff = new Backoff(patience);
    String body = RunnerProtocol.toJson(claim);
    int malformed = 0;
    while (true) {
      String why;
      try {
        Http.Answer answer = http.post(at(RunnerProtocol.CLAIM_PATH), body);
        if (answer.isSuccess()) {
          return new ClaimAnswer.Granted(RunnerProtocol.jobFromAnswer(answer.body()));
        }
        if (!answer.mayPass()) {
          return new ClaimAnswer.Refused(answer.status());
        }
        why = "the gateway answered " + answer.status();
      } catch (IOException e) {
        why = "the gateway cannot be reached: " + e.getMessage();
      } catch (MalformedMessage e) {
        why = "the gateway's answer is no job: " + e.getMessage();
        if (++malformed == MOST_MALFORMED) {
          return new ClaimAnswer.Unanswered(why);
        }
      }
      Optional<Duration> pause = backoff.next();
      if (pause.isEmpty() || stop.await(pause.get())) {
        return new ClaimAnswer.Unanswered(why);
      }
    }
  }

  /** Reports once. */
  public ReportAnswer report(Report report) {
    try {
      Http.Answer answer = http.post(at(RunnerProtocol.REPORT_PATH), RunnerProtocol.toJson(report));
      if (answer.isSuccess()) {
        return new ReportAnswer.Taken(RunnerProtocol.instructionFromAnswer(answer.body()));
      }
      int status = answer.status();
      if (DISOWNING.contains(status)) {
        return new ReportAnswer.Disowned(status);
      }
      return answer.mayPass()
          ? new ReportAnswer.Unanswered("the gateway answered " + status)
          : new ReportAnswer.Refused(status);
    } catch (IOException e) {
      return new ReportAnswer.Unanswered("the gateway cannot be reached: " + e.getMessage());
    } catch (MalformedMessage e) {
      return new ReportAnswer.Unanswered(
          "the gateway's answer is no instruction: " + e.getMessage());
    }
  }

  /** Reports until it is answered or patience ends. */
  public ReportAnswer insist(Report report) {
    return insist(report, patience.total());
  }

  /** Reports until it is answered or that time is over. */
  public ReportAnswer insist(Report report, Duration atMost) {
    Backoff backoff = new Backoff(patience.within(atMost));
    while (true) {
      ReportAnswer answer = report(report);
      if (!(answer instanceof ReportAnswer.Unanswered)) {
        return answer;
      }
      Optional<Duration> pause = backoff.next();
      if (pause.isEmpty() || !pause(pause.get())) {
        return answer;
      }
    }
  }

  /**
   * Puts a file to its upload target, with retries for a minute.
   *
   * @param contentType its media type
   * @param size how many of its bytes
   * @param deadline how long all tries together may take
   * @return why it is not there; empty when it is
   */
  public Optional<String> upload(
      String url, String contentType, Path file, long size, Deadline deadline) {
    URI target;
    try {
      target = new URI(url);
    } catch (URISyntaxException _) {
      return Optional.of("its target is no URL");
    }
    Duration total = patience.total();
    Backoff backoff =
        new Backoff(
            patience.within(total.compareTo(UPLOAD_PATIENCE) < 0 ? total : UPLOAD_PATIENCE));
    while (true) {
      String why;
      try {
        Http.Answer answer = http.put(target, contentType, file, size, deadline);
        if (answer.isSuccess()) {
          return Optional.empty();
        }
        why = "the object store answered " + answer.status();
        if (!answer.mayPass()) {
          return Optional.of(why);
        }
      } catch (Deadline.TimeUp e) {
        return Optional.of(e.getMessage());
      } catch (IOException | IllegalArgumentException e) {
        // The message may name the host, never the URL's signature.
        why = "the object store cannot be reached (" + e.getClass().getSimpleName() + ")";
      }
      Optional<Duration> pause = backoff.next();
      if (pause.isEmpty() || !pause(pause.get())) {
        return Optional.of(why);
      }
    }
  }

  /**
   * Fetches a file from the object store, with retries for a minute.
   *
   * @param file where it is written; what is there is replaced
   */
  public Fetched download(String url, Path file) {
    URI source;
    try {
      source = new URI(url);
    } catch (URISyntaxException _) {
      return new Fetched.Unfetched("its address is no URL");
    }
    Duration total = patience.total();
    Backoff backoff =
        new Backoff(
            patience.within(total.compareTo(UPLOAD_PATIENCE) < 0 ? total : UPLOAD_PATIENCE));
    while (true) {
      String why;
      try {
        Http.Answer answer = http.get(source, file);
        if (answer.isSuccess()) {
          return new Fetched.Whole();
        }
        if (!answer.mayPass()) {
          return new Fetched.Gone(answer.status());
        }
        why = "the object store answered " + answer.status();
      } catch (IOException | IllegalArgumentException e) {
        why = "the object store cannot be reached (" + e.getClass().getSimpleName() + ")";
      }
      Optional<Duration> pause = backoff.next();
      if (pause.isEmpty() || stop.await(pause.get())) {
        return new Fetched.Unfetched(why);
      }
    }
  }

  private static boolean pause(Duration duration) {
    try {
      Thread.sleep(duration);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
