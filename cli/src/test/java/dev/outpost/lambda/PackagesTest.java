package dev.outpost.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each function carries. */
class PackagesTest {
  private static final Path ROOT = Path.of(System.getProperty("outpost.root"));
  private static final long MOST_BYTES = 15_000_000;

  private static List<Path> jars(LambdaFunction function) throws IOException {
    try (Stream<Path> files = Files.list(function.folder(ROOT).resolve("lib"))) {
      return files.sorted().toList();
    }
  }

  private static Set<String> clients(LambdaFunction function) throws IOException {
    Set<String> clients = new TreeSet<>();
    for (Path path : jars(function)) {
      try (JarFile jar = new JarFile(path.toFile())) {
        jar.stream()
            .map(JarEntry::getName)
            .filter(
                name ->
                    name.matches(
                        "software/amazon/awssdk/services/[a-z0-9]+/[A-Za-z0-9]+Client\\.class"))
            .map(name -> name.split("/", -1)[4])
            .forEach(clients::add);
      }
    }
    return clients;
  }

  @ParameterizedTest
  @EnumSource
  void aPackageIsSmall(LambdaFunction function) throws IOException {
    assertThat(PackageSize.of(function.folder(ROOT))).isLessThanOrEqualTo(MOST_BYTES);
  }

  @ParameterizedTest
  @EnumSource
  void aPackageHasOneHttpClientAndNothingThatLambdaBringsOrOnlyTestsNeed(LambdaFunction function)
      throws IOException {
    assertThat(jars(function))
        .extracting(jar -> jar.getFileName().toString())
        .anyMatch(name -> name.startsWith("apache-client-"))
        .noneMatch(
            name ->
                name.matches(
                    "(netty|url-connection-client|apache5-client|aws-crt-|aws-lambda-java-runtime|aws-lambda-java-serialization"
                        + "|junit|assertj|DynamoDBLocal|outpost-embedded|.*-tests\\.jar).*"));
  }

  @Test
  void aFunctionCarriesNoClientOfAServiceThatItDoesNotCall() throws IOException {
    assertThat(clients(LambdaFunction.authorizer)).containsExactly("dynamodb");
    assertThat(clients(LambdaFunction.api))
        .isSubsetOf("cloudwatchlogs", "dynamodb", "s3", "secretsmanager", "sqs");
    assertThat(clients(LambdaFunction.runner)).isSubsetOf("dynamodb", "s3", "secretsmanager");
    assertThat(clients(LambdaFunction.launcher))
        .containsExactly("dynamodb", "ecs", "secretsmanager", "sqs");
    assertThat(clients(LambdaFunction.taskevents)).containsExactly("dynamodb");
    assertThat(clients(LambdaFunction.relay)).containsExactly("dynamodb", "eventbridge", "sqs");
    assertThat(clients(LambdaFunction.reconciler))
        .containsExactly("dynamodb", "ecs", "eventbridge", "sqs");
    assertThat(clients(LambdaFunction.webhooks)).containsExactly("dynamodb", "secretsmanager");
  }

  @ParameterizedTest
  @EnumSource
  void itsJarsAreNotCompressedSoThatTheZipIsSmall(LambdaFunction function) throws IOException {
    for (Path path : jars(function)) {
      try (JarFile jar = new JarFile(path.toFile())) {
        assertThat(jar.stream()).allMatch(entry -> entry.getMethod() == ZipEntry.STORED);
      }
    }
  }
}
