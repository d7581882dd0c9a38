package dev.outpost.smallworld;

import dev.outpost.tenant.Tier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process of the real code, stopped at one of its calls to a port.
 *
 * <p>No thread is needed for that: code is a function of the answers it gets, so a process is its
 * code and the answers so far. Run again from its start on the same answers, it comes to the same
 * call; with one answer more, to the next. That makes it a value: worlds can be compared, kept and
 * gone on from twice. Immutable.
 */
final class Fiber {
  /** What a process does. */
  interface Body {
    /**
     * Does it, on those ports.
     *
     * @return how the process goes on, remembering nothing but that; empty when it ends
     */
    Optional<Body> on(Ports ports);

    /** What becomes of the world when it ends, however it does. */
    default World ended(World world) {
      return world;
    }
  }

  /** A call to a port: what the world can make of it. */
  interface Call {
    List<Answer> in(World world);

    /** Whether no other process acts upon it. */
    default boolean isAside() {
      return false;
    }
  }

  /**
   * One thing that a world can make of a call.
   *
   * @param what its name, for traces
   * @param world the world after it
   * @param value what the caller gets; {@link Ports.Lost} when the call fails
   */
  record Answer(String what, World world, Object value) {}

  /** Not caught by any code that catches exceptions. */
  private static final class Awaiting extends Error {
    private static final long serialVersionUID = 1;
    private final transient Call call;

    Awaiting(Call call) {
      super(null, null, false, false);
      this.call = call;
    }
  }

  private final Body body;
  private final List<Object> answers;
  private final Optional<Call> call;
  private final int hash;

  private Fiber(Body body, List<Object> answers, Optional<Call> call) {
    this.body = body;
    this.answers = answers;
    this.call = call;
    this.hash = 31 * body.hashCode() + answers.hashCode();
  }

  /** That process at its first call. */
  static Fiber start(Body body, World world) {
    return run(body, new ArrayList<>(), world);
  }

  /** The process at its next call, given the answer to this one. */
  Fiber after(Object answer, World world) {
    List<Object> more = new ArrayList<>(answers);
    more.add(answer);
    return run(body, more, world);
  }

  private static Fiber run(Body body, List<Object> answers, World world) {
    Optional<Body> next;
    try {
      next = body.on(new Ports(new Recorded(answers, world.now(), world.tier())));
    } catch (Awaiting await) {
      return new Fiber(body, answers, Optional.of(await.call));
    } catch (Ports.Failed _) {
      // A call has failed, and the process with it.
      next = Optional.empty();
    }
    return next.isPresent() ? start(next.get(), world) : new Fiber(body, answers, Optional.empty());
  }

  private static final class Recorded implements Ports.Answers {
    private final List<Object> answers;
    private final Instant now;
    private final Tier tier;
    private int next;

    Recorded(List<Object> answers, Instant now, Tier tier) {
      this.answers = answers;
      this.now = now;
      this.tier = tier;
    }

    @Override
    public Object to(Call call) {
      if (next == answers.size()) {
        throw new Awaiting(call);
      }
      return answers.get(next++);
    }

    @Override
    public Instant now() {
      if (next == answers.size()) {
        answers.add(now);
      }
      return (Instant) answers.get(next++);
    }

    @Override
    public Tier tier() {
      return tier;
    }
  }

  Body body() {
    return body;
  }

  /** The call it waits for; empty when it has ended. */
  Optional<Call> call() {
    return call;
  }

  /** Whether no other process acts upon what it does next. */
  boolean isAside() {
    return call.filter(Call::isAside).isPresent();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fiber that
        && hash == that.hash
        && body.equals(that.body)
        && answers.equals(that.answers);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return body + " after " + answers.size() + " answers";
  }
}
