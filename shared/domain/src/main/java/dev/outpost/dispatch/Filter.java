package dev.outpost.dispatch;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which of a tenant's dispatches are wanted; an empty field wants all.
 *
 * @param status of that status
 * @param agent of that agent
 * @param repo of that repository, as the client wrote it
 * @param tag with a tag of that name
 * @param since accepted at that instant or later
 * @param until accepted before that instant
 */
public record Filter(
    Optional<Status> status,
    Optional<String> agent,
    Optional<String> repo,
    Optional<String> tag,
    Optional<Instant> since,
    Optional<Instant> until) {
  /** Wants all. */
  public static final Filter ALL =
      new Filter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Refuses nulls. */
  public Filter {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(agent, "agent");
    Objects.requireNonNull(repo, "repo");
    Objects.requireNonNull(tag, "tag");
    Objects.requireNonNull(since, "since");
    Objects.requireNonNull(until, "until");
  }

  /** Whether the dispatch is wanted. */
  public boolean wants(Dispatch dispatch) {
    Spec spec = dispatch.spec();
    return status.map(wanted -> wanted == dispatch.status()).orElse(true)
        && agent.map(spec.agent()::equals).orElse(true)
        && repo.map(wanted -> spec.repo().filter(wanted::equals).isPresent()).orElse(true)
        && tag.map(spec.tags()::containsKey).orElse(true)
        && since.map(from -> !dispatch.createdAt().isBefore(from)).orElse(true)
        && until.map(to -> dispatch.createdAt().isBefore(to)).orElse(true);
  }
}
