package dev.outpost.functions.authorizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.outpost.edge.Json;
import dev.outpost.edge.MalformedJson;
import dev.outpost.embedded.EmbeddedApiKeys;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.embedded.EmbeddedTenants;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.ApiKeys;
import dev.outpost.tenant.KeyHash;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Feeds {@code events/authorizer.json} and its variations to the function on a real store. */
class AuthorizerFunctionTest {
  private static final Path FILE =
      Path.of(System.getProperty("outpost.root"), "events", "authorizer.json");

  /** The key of the sample event. */
  private static final String KEY =
      "otp_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  private static final String OTHER =
      "otp_f123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final KeyHash HASH = KeySecret.parse(KEY).orElseThrow().hash();
  private static final Instant NOW = Instant.parse("2026-11-22T21:20:30Z");

  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private final EmbeddedTenants tenants = new EmbeddedTenants(store);
  private final CountedKeys keys = new CountedKeys(new EmbeddedApiKeys(store));
  private final Tenant tenant =
      new Tenant(TenantId.random(), "Octo", "octo@example.org", Tier.PRO, false, NOW);
  private Instant now = NOW;
  private final AuthorizerFunction function =
      new AuthorizerFunction(new Authorize(keys, () -> now));

  @BeforeEach
  void createTenantAndKey() {
    tenants.create(tenant);
    assertThat(
            tenants.addKey(
                new ApiKey(
                    "key_01KAQH4Z9MT3Y6X2B5C8D1E7FG",
                    HASH,
                    KEY.substring(0, 12),
                    tenant.id(),
                    "laptop",
                    Set.of(Scope.STATUS, Scope.DISPATCH),
                    NOW,
                    Optional.of(NOW.plus(Duration.ofDays(30))),
                    Optional.empty(),
                    Optional.empty(),
                    tenant.tier(),
                    false)))
        .isTrue();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void theSampleEventIsGranted() throws Exception {
    assertThat(answer(Files.readString(FILE)).keySet().toString())
        .isEqualTo("[isAuthorized, context]");
    assertThat(context(Files.readString(FILE)))
        .isEqualTo(
            Map.of(
                "access",
                "granted",
                "tenantId",
                tenant.id().value(),
                "keyId",
                "key_01KAQH4Z9MT3Y6X2B5C8D1E7FG",
                "scopes",
                "dispatch status",
                "tier",
                "pro"));
    assertThat(keys.finds).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    KEY + ",, granted",
    ", Bearer " + KEY + ", granted",
    ", bearer  " + KEY + ", granted",
    "'  " + KEY + " ',, granted",
    KEY + ", Bearer " + KEY + ", granted",
    KEY + ", Basic b2N0bzpwdw==, granted",
    KEY + ", Bearer " + OTHER + ", unknown",
    OTHER + ", Bearer " + KEY + ", unknown",
    OTHER + ",, unknown",
    ",, missing",
    "'',, missing",
    "'', 'Bearer ', missing",
    ", Basic b2N0bzpwdw==, missing",
    ", " + KEY + ", missing",
    "nonsense,, unknown",
    "'" + KEY + "," + KEY + "',, unknown",
    KEY + "0,, unknown"
  })
  void aKeyMayComeInEitherHeaderButNotInTwoMinds(String apiKey, String authorization, String access)
      throws Exception {
    Map<?, ?> context = context(event(apiKey, authorization));
    assertThat(context.get("access")).isEqualTo(access);
    if (!access.equals("granted")) {
      assertThat(context).as("nothing of any tenant").hasSize(1);
    }
  }

  @Test
  void aKeyInUpperCaseIsAnother() throws Exception {
    assertThat(context(event(KEY.replace("otp", "OTP"), null)).get("access")).isEqualTo("unknown");
  }

  @Test
  void whatHasNoKeysFormIsNotLookedUp() throws Exception {
    context(event("nonsense", null));
    context(event(KEY, "Bearer " + OTHER));
    context(event(null, null));
    assertThat(keys.finds).isZero();
  }

  @Test
  void aRevokedKeyIsRefusedFromTheNextRequestOn() throws Exception {
    assertThat(context(event(KEY, null)).get("access")).isEqualTo("granted");
    tenants.revokeKey(tenant.id(), "key_01KAQH4Z9MT3Y6X2B5C8D1E7FG", now);
    assertThat(context(event(KEY, null))).isEqualTo(Map.of("access", "revoked"));
  }

  @Test
  void aKeyIsRefusedFromItsExpiryOn() throws Exception {
    now = NOW.plus(Duration.ofDays(30)).minusMillis(1);
    assertThat(context(event(KEY, null)).get("access")).isEqualTo("granted");
    now = NOW.plus(Duration.ofDays(30));
    assertThat(context(event(KEY, null))).isEqualTo(Map.of("access", "expired"));
  }

  @Test
  void aSuspendedTenantsKeyIsRefused() throws Exception {
    tenants.update(tenant.id(), suspended -> suspended.withSuspended(true));
    assertThat(context(event(KEY, null))).isEqualTo(Map.of("access", "suspended"));
  }

  @Test
  void aChangedTierCountsFromTheNextRequestOn() throws Exception {
    tenants.update(tenant.id(), changed -> changed.withTier(Tier.FREE));
    assertThat(context(event(KEY, null)).get("tier")).isEqualTo("free");
  }

  @Test
  void useIsNotedOnceADay() throws Exception {
    context(event(KEY, null));
    context(event(KEY, null));
    assertThat(keys.days).containsExactly(LocalDate.of(2026, 11, 22));
    now = Instant.parse("2026-11-23T00:00:00Z");
    context(event(KEY, null));
    context(event(KEY, null));
    assertThat(keys.days).containsExactly(LocalDate.of(2026, 11, 22), LocalDate.of(2026, 11, 23));
  }

  @Test
  void aClockThatLagsNotesNothing() throws Exception {
    context(event(KEY, null));
    now = NOW.minus(Duration.ofDays(1));
    context(event(KEY, null));
    assertThat(keys.days).hasSize(1);
  }

  @Test
  void useThatCannotBeNotedIsNoReasonToRefuse() throws Exception {
    keys.usedFails = true;
    assertThat(context(event(KEY, null)).get("access")).isEqualTo("granted");
  }

  @Test
  void aRefusedKeysUseIsNotNoted() throws Exception {
    tenants.revokeKey(tenant.id(), "key_01KAQH4Z9MT3Y6X2B5C8D1E7FG", now);
    context(event(KEY, null));
    assertThat(keys.days).isEmpty();
  }

  @Test
  void withoutTheStoreNobodyKnowsAndThatIsAFault() {
    keys.findFails = true;
    assertThatIllegalStateException().isThrownBy(() -> answer(event(KEY, null)));
  }

  @ParameterizedTest
  @ValueSource(strings = {KEY, OTHER, "nonsense"})
  void theAnswerNeverHoldsTheKey(String key) throws Exception {
    assertThat(answer(event(key, null)).toString()).doesNotContain(key).doesNotContain("otp_");
  }

  private Map<?, ?> context(String event) throws IOException, MalformedJson {
    Map<?, ?> answer = answer(event);
    assertThat(answer.get("isAuthorized")).isEqualTo(true);
    return (Map<?, ?>) answer.get("context");
  }

  private Map<?, ?> answer(String event) throws IOException, MalformedJson {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    function.handleRequest(
        new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, null);
    return Json.object(out.toString(StandardCharsets.UTF_8));
  }

  private static String event(String apiKey, String authorization)
      throws IOException, MalformedJson {
    Map<String, Object> event = copy(Json.object(Files.readString(FILE)));
    Map<String, Object> headers = copy((Map<?, ?>) event.get("headers"));
    headers.remove("x-api-key");
    if (apiKey != null) {
      headers.put("x-api-key", apiKey);
    }
    if (authorization != null) {
      headers.put("authorization", authorization);
    }
    event.put("headers", headers);
    return Json.text(event);
  }

  private static Map<String, Object> copy(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((name, value) -> copy.put((String) name, value));
    return copy;
  }

  /** The real keys, counted on their way, behind a network that may fail. */
  private static final class CountedKeys implements ApiKeys {
    private final ApiKeys real;
    private final List<LocalDate> days = new ArrayList<>();
    private int finds;
    private boolean findFails;
    private boolean usedFails;

    CountedKeys(ApiKeys real) {
      this.real = real;
    }

    @Override
    public Optional<ApiKey> find(KeyHash hash) {
      finds++;
      if (findFails) {
        throw new IllegalStateException("the table does not answer");
      }
      return real.find(hash);
    }

    @Override
    public void used(KeyHash hash, LocalDate day) {
      if (usedFails) {
        throw new IllegalStateException("the table does not answer");
      }
      days.add(day);
      real.used(hash, day);
    }
  }
}
