package dev.outpost.lambda;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The handlers that a benchmark measures, each with an AWS of its own, which ends with them.
 *
 * @param all those that were asked for, and the one that does nothing
 * @param authorizer the authoriser, whose job the yardstick does too
 */
record Subjects(List<Subject> all, Subject authorizer) implements AutoCloseable {
  /** The handler that does nothing. */
  static final String NOTHING = "nothing";

  private static final int NOTHINGS_MEMORY = 256;

  Subjects {
    all = List.copyOf(all);
  }

  /**
   * Those functions and the handler of nothing.
   *
   * @param root of the house
   * @param folder where the package of nothing goes
   */
  static Subjects of(Path root, Path folder, List<LambdaFunction> functions, Instant now)
      throws IOException {
    List<Subject> all = new ArrayList<>();
    Path nothing = folder.resolve(NOTHING);
    NothingFunction.pack(nothing);
    all.add(
        new Subject(
            NOTHING,
            NothingFunction.class.getName(),
            nothing,
            NOTHINGS_MEMORY,
            LambdaFunction.api.event(root),
            AwsAnswers.start(List.of())));
    for (LambdaFunction function : functions) {
      all.add(subject(root, function, now));
    }
    return new Subjects(all, subject(root, LambdaFunction.authorizer, now));
  }

  private static Subject subject(Path root, LambdaFunction function, Instant now)
      throws IOException {
    return new Subject(
        function.name(),
        function.handler(),
        function.folder(root),
        function.memoryMb(),
        function.event(root),
        AwsAnswers.start(new FixedAnswers(now).to(function)));
  }

  @Override
  public void close() {
    all.forEach(subject -> subject.aws().close());
    authorizer.aws().close();
  }
}
