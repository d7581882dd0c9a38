package dev.outpost.cli.admin;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Spans;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The domain's words on a command line. */
final class Words {
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_EMAIL = 254;

  private Words() {}

  /** Teaches them to a command line. */
  static CommandLine taughtTo(CommandLine line) {
    return line.registerConverter(Tier.class, tier())
        .registerConverter(Scope.class, scope())
        .registerConverter(Duration.class, span())
        .registerConverter(TenantId.class, tenant());
  }

  private static ITypeConverter<Tier> tier() {
    return text ->
        Tier.of(text)
            .orElseThrow(
                () ->
                    new TypeConversionException(
                        "there is no tier '"
                            + text
                            + "'; there are "
                            + Arrays.stream(Tier.values())
                                .map(Tier::wire)
                                .collect(Collectors.joining(", "))));
  }

  private static ITypeConverter<Scope> scope() {
    return text ->
        Scope.of(text)
            .orElseThrow(
                () ->
                    new TypeConversionException(
                        "there is no scope '"
                            + text
                            + "'; there are "
                            + Arrays.stream(Scope.values())
                                .map(Scope::wire)
                                .collect(Collectors.joining(", "))));
  }

  private static ITypeConverter<Duration> span() {
    return text ->
        Spans.parse(text)
            .orElseThrow(
                () ->
                    new TypeConversionException(
                        "'" + text + "' is no length of time; wanted: 90d, 12h, 30m, 2w"));
  }

  private static ITypeConverter<TenantId> tenant() {
    return text ->
        TenantId.parse(text)
            .orElseThrow(
                () ->
                    new TypeConversionException(
                        "'"
                            + text
                            + "' is no tenant id; they are UUIDs, see: outpost tenant list"));
  }

  /** That text as a tenant's name or a key's label. */
  static String name(String what, String text) {
    String name = text.strip();
    if (name.isEmpty() || name.length() > LONGEST_NAME || hasControl(name)) {
      throw Refusal.usage(what + " must be 1 to " + LONGEST_NAME + " printable characters");
    }
    return name;
  }

  /** That text as an address to write to; whether it arrives only a letter can tell. */
  static String email(String text) {
    String email = text.strip();
    int at = email.lastIndexOf('@');
    boolean formed = at > 0 && at < email.length() - 1 && email.indexOf(' ') < 0;
    if (!formed || email.length() > LONGEST_EMAIL || hasControl(email)) {
      throw Refusal.usage("'" + text + "' is no e-mail address");
    }
    return email;
  }

  private static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
