package dev.outpost.edge.start;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.crac.Core;
import org.crac.Resource;

/**
 * A function that rehearses before SnapStart takes the snapshot that its instances are restored
 * from, so that no client pays for loading and compiling (AWS Lambda Developer Guide, "Lambda
 * SnapStart runtime hooks"). Where there is no SnapStart nothing is rehearsed, and a start pays for
 * nothing that it may not need.
 *
 * <p>What must differ between instances of one snapshot is told in functions/RATIONALE.md.
 */
public interface Primed extends Resource {
  /**
   * How often a round is repeated, unless the system property {@value #ROUNDS_PROPERTY} says
   * otherwise: the compiler takes what was called two hundred times ({@code
   * -XX:Tier3InvocationThreshold}).
   */
  int ROUNDS = 300;

  /** A number of rounds, for who can't wait for all of them. */
  String ROUNDS_PROPERTY = "outpost.rehearsal.rounds";

  /** What the function does for a client, without an effect on any data. */
  interface Round {
    /**
     * Does it once.
     *
     * @param context an invocation's context
     * @throws Exception when it can't; the snapshot is then taken as the function is
     */
    void play(Context context) throws Exception;
  }

  /**
   * Prepares the rehearsal. Asked for once, and only where there will be a snapshot, so that no
   * other start pays for it.
   *
   * @throws Exception when it can't; the snapshot is then taken unprimed
   */
  Round rehearsal() throws Exception;

  /**
   * Has that function rehearse before a snapshot. The runtime refers to it weakly: somebody else
   * must hold it, as Lambda's runtime client does with a handler.
   */
  static void register(Primed function) {
    Core.getGlobalContext().register(function);
  }

  @Override
  default void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
    Logger log = System.getLogger(getClass().getName());
    Context invocation =
        new Invocation(getClass().getSimpleName(), "rehearsal", LambdaRuntime.getLogger());
    try {
      Round rehearsal = rehearsal();
      int rounds = Integer.getInteger(ROUNDS_PROPERTY, ROUNDS);
      for (int round = 0; round < rounds; round++) {
        rehearsal.play(invocation);
      }
    } catch (Exception | LinkageError e) {
      // It must not fail the version that is being published: an instance that starts while a
      // service is away finds it later, only slower.
      log.log(Level.WARNING, "the rehearsal ended early", e);
    }
  }

  @Override
  default void afterRestore(org.crac.Context<? extends Resource> context) {
    // Nothing that instances share would do harm, see functions/RATIONALE.md.
  }
}
