package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short crash campaign: each blow once. {@code ./outpost crash} runs longer ones. */
final class CrashCampaignIT {
  @TempDir private Path folder;

  @Test
  void whateverIsKilledWhatWasAcceptedComesToATrueEnd() throws Exception {
    int each = Blow.values().length;
    CrashCampaign.Findings findings =
        new CrashCampaign(folder, 20_261_125, 5, _ -> {}).run(new Crash.Count(each));
    assertThat(findings.violations()).isEmpty();
    assertThat(findings.blows().keySet())
        .as("blows that hit")
        .contains(Blow.MACHINE, Blow.MACHINE_WHILE_STARTING)
        .anyMatch(Blow::hitsRunner)
        .anyMatch(Blow::hitsAgent);
    assertThat(findings.ends()).containsKey("success");
  }
}
