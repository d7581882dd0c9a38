package dev.outpost.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskSizeTest {
  @ParameterizedTest
  @CsvSource({
    "256, 512, true",
    "256, 2048, true",
    "256, 3072, false",
    "512, 1024, true",
    "512, 512, false",
    "512, 4096, true",
    "512, 5120, false",
    "1024, 2048, true",
    "1024, 8192, true",
    "1024, 2049, false",
    "2048, 4096, true",
    "2048, 16384, true",
    "4096, 30720, true",
    "8192, 16384, true",
    "8192, 18432, false",
    "16384, 122880, true",
    "768, 1024, false"
  })
  void onlyThePairsThatFargateKnowsAreAccepted(int cpu, int memory, boolean known) {
    assertThat(new TaskSize(cpu, memory, OptionalInt.empty()).isFargatePair()).isEqualTo(known);
  }
}
