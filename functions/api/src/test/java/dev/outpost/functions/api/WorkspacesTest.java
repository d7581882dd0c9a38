package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Spec;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.KeptWorkspace;
import dev.outpost.workspace.WorkspaceId;
import dev.outpost.workspace.Workspaces;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkspacesTest {
  private static final String STRANGER = "00000000-1111-2222-3333-444444444444";

  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  private static String body(String repo, String more) {
    return "{\"agent\":\"claude\",\"task\":\"Write the test that is missing.\",\"repo\":\""
        + repo
        + "\",\"workspaceMode\":\"persistent\""
        + more
        + "}";
  }

  private static String body(String more) {
    return body("octo-org/shop", more);
  }

  /** By a tenant whose day is long enough. */
  private Reply post(String body) {
    return installation.send(Event.post(body).authorizer("tier", "enterprise"));
  }

  private Booking booking(String body) {
    return installation.accepted(body).spec().booking().orElseThrow();
  }

  private KeptWorkspace worked(Dispatch dispatch) {
    installation.run(dispatch);
    return installation.workspaces.open(dispatch, installation.now());
  }

  /** The data, to be asked for its entries. */
  private static Map<Object, Object> of(Map<?, ?> data) {
    return new HashMap<>(data);
  }

  /** Sends it with a key that may do all that a tenant may. */
  private Reply send(String method, String path) {
    return installation.send(Event.of(method, path).authorizer("scopes", "admin"));
  }

  private void assertFlaw(String body, String path, String flaw) {
    Reply reply = post(body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("\"path\":\"" + path + "\"", flaw);
    assertThat(installation.stored()).isZero();
  }

  @Test
  void whatIsAskedForIsKeptAndShown() {
    Dispatch dispatch =
        installation.accepted(
            body(",\"workspaceName\":\"night-build\",\"workspaceBusy\":\"reject\""));
    WorkspaceId id =
        WorkspaceId.of(Installation.TENANT, "https://github.com/octo-org/shop.git", "night-build");
    assertThat(dispatch.spec().booking())
        .contains(new Booking(id, "night-build", Booking.WhenBusy.REJECT));
    Map<?, ?> data = installation.get("/dispatch/" + dispatch.id()).data();
    assertThat(of(data))
        .containsEntry("workspaceMode", "persistent")
        .containsEntry("workspaceId", id.value())
        .containsEntry("workspaceName", "night-build")
        .containsEntry("workspaceBusy", "reject")
        .containsEntry("workspaceSavedBytes", null);
    Map<?, ?> plain = installation.get("/dispatch/" + installation.accepted().id()).data();
    assertThat(of(plain))
        .containsEntry("workspaceMode", "ephemeral")
        .containsEntry("workspaceId", null);
  }

  @Test
  void withoutANameItIsTheDefaultAndWaits() {
    Booking booking = booking(body(""));
    assertThat(booking.name()).isEqualTo("default");
    assertThat(booking.whenBusy()).isEqualTo(Booking.WhenBusy.WAIT);
  }

  @Test
  void theSameRepositoryIsTheSameWorkspaceHoweverItIsWritten() {
    assertThat(booking(body("https://github.com/octo-org/shop.git", "")))
        .isEqualTo(booking(body("octo-org/shop", "")));
    assertThat(booking(body("octo-org/other", "")).workspace())
        .isNotEqualTo(booking(body("octo-org/shop", "")).workspace());
  }

  @Test
  void whatMakesNoSenseIsRefusedWithASentence() {
    assertFlaw(
        body("").replace("\"claude\"", "[\"claude\",\"gemini\"]"),
        "workspaceMode",
        "can't be persistent for several agents");
    assertFlaw(
        body(",\"workspaceInitMode\":\"none\""), "workspaceInitMode", "must be minimal or full");
    for (String name : List.of("a/b", "", "x".repeat(65))) {
      assertFlaw(
          body(",\"workspaceName\":\"" + name + "\""), "workspaceName", "1 to 64 characters");
    }
    assertFlaw(
        body(",\"parentId\":\"dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG\""),
        "workspaceMode",
        "can't be persistent with a parentId");
  }

  @Test
  void aFallbackMayHaveOne() {
    Spec spec = installation.accepted(body(",\"fallback\":[\"gemini\"]")).spec();
    assertThat(spec.booking()).isPresent();
    assertThat(spec.fallback()).containsExactly("gemini");
  }

  @Test
  void whoWouldRatherNotWaitIsRefusedWhileAnotherHasIt() {
    Dispatch holder = installation.accepted(body(""));
    installation.run(holder);
    String wish = body(",\"workspaceBusy\":\"reject\",\"idempotencyKey\":\"once\"");
    Reply refused = post(wish);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("CONFLICT");
    assertThat(refused.body()).contains("The workspace default (wsp_", "is in use");
    assertThat(installation.stored()).isEqualTo(1);
    assertThat(post(body("")).status()).as("another waits").isEqualTo(201);

    installation.stop(holder, 0);
    assertThat(post(wish).status()).isEqualTo(201);
    assertThat(post(wish).header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(post(body(",\"workspaceBusy\":\"reject\"")).status()).isEqualTo(409);
  }

  @Test
  void aCancelFreesWhatWasReserved() {
    Dispatch holder = installation.accepted(body(",\"workspaceBusy\":\"reject\""));
    assertThat(post(body(",\"workspaceBusy\":\"reject\"")).status()).isEqualTo(409);
    assertThat(installation.send(Event.of("DELETE", "/dispatch/" + holder.id())).status())
        .isEqualTo(200);
    assertThat(post(body(",\"workspaceBusy\":\"reject\"")).status()).isEqualTo(201);
  }

  @Test
  void workspacesAreListedAndShownWithWhoWorksInThem() {
    assertThat(send("GET", "/workspaces").data()).isEqualTo(Map.of("workspaces", List.of()));
    Dispatch dispatch = installation.accepted(body(""));
    KeptWorkspace kept = worked(dispatch);
    installation.workspaces.saved(kept.saved(dispatch.id(), 1234, installation.now()));
    Map<?, ?> shown = send("GET", "/workspaces/" + kept.id()).data();
    assertThat(of(shown))
        .containsEntry("workspaceId", kept.id().value())
        .containsEntry("name", "default")
        .containsEntry("repository", "https://github.com/octo-org/shop.git")
        .containsEntry("sizeBytes", 1234)
        .containsEntry("createdAt", "2026-11-22T21:20:30.123Z")
        .containsEntry("lastUsedAt", "2026-11-22T21:20:30.123Z")
        .containsEntry("lastDispatchId", dispatch.id().value())
        .containsEntry("expiresAt", "2027-02-20T21:20:30.123Z")
        .containsEntry("inUseBy", dispatch.id().value());
    assertThat(send("GET", "/workspaces").data()).isEqualTo(Map.of("workspaces", List.of(shown)));
    installation.stop(dispatch, 0);
    assertThat(of(send("GET", "/workspaces/" + kept.id()).data())).containsEntry("inUseBy", null);
  }

  @Test
  void oneInUseIsNotDeletedAndOneThatIsNotIs() {
    Dispatch dispatch = installation.accepted(body(""));
    KeptWorkspace kept = worked(dispatch);
    Reply used = send("DELETE", "/workspaces/" + kept.id());
    assertThat(used.status()).isEqualTo(409);
    assertThat(used.body()).contains(dispatch.id().value());
    assertThat(send("GET", "/workspaces/" + kept.id()).status()).isEqualTo(200);

    installation.stop(dispatch, 0);
    assertThat(send("DELETE", "/workspaces/" + kept.id()).data())
        .isEqualTo(Map.of("workspaceId", kept.id().value(), "deleted", true));
    assertThat(send("DELETE", "/workspaces/" + kept.id()).status()).isEqualTo(404);
    assertThat(send("GET", "/workspaces").data()).isEqualTo(Map.of("workspaces", List.of()));
  }

  @Test
  void oneThatADeadDispatchHoldsIsDeleted() {
    Dispatch dispatch = installation.accepted(body(""));
    KeptWorkspace kept = worked(dispatch);
    installation.stop(dispatch, 0);
    installation.restoreHold(kept.id(), dispatch);
    assertThat(send("DELETE", "/workspaces/" + kept.id()).status()).isEqualTo(200);
    assertThat(installation.dispatches.held(dispatch.tenantId()).workspaces()).isEmpty();
  }

  @Test
  void anothersAnUnknownAndNoIdAtAllAnswerAlike() {
    KeptWorkspace kept = worked(installation.accepted(body("")));
    for (String method : List.of("GET", "DELETE")) {
      for (Reply reply :
          List.of(
              installation.send(
                  Event.of(method, "/workspaces/" + kept.id())
                      .authorizer("scopes", "admin")
                      .authorizer("tenantId", STRANGER)),
              send(method, "/workspaces/wsp_0123456789abcdef0123456789abcdef"),
              send(method, "/workspaces/nonsense"))) {
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.body()).contains("There is no such workspace.");
      }
    }
    assertThat(
            installation
                .send(
                    Event.of("GET", "/workspaces")
                        .authorizer("scopes", "admin")
                        .authorizer("tenantId", STRANGER))
                .data())
        .isEqualTo(Map.of("workspaces", List.of()));
    assertThat(send("GET", "/workspaces/" + kept.id()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"GET,/workspaces,list", "GET,/workspaces/x,status", "DELETE,/workspaces/x,delete"})
  void eachRouteTakesItsScope(String method, String path, String scope) {
    String others = "dispatch status list cancel delete promote".replace(scope, "").strip();
    assertThat(installation.send(Event.of(method, path).authorizer("scopes", others)).status())
        .isEqualTo(403);
    assertThat(installation.send(Event.of(method, path).authorizer("scopes", scope)).status())
        .isNotEqualTo(403);
  }

  @Test
  void aTenantMayHaveAHundred() {
    for (int i = 0; i < Workspaces.MAX; i++) {
      Reply accepted = post(body(",\"workspaceName\":\"w" + i + "\""));
      Dispatch dispatch = installation.find((String) accepted.data().get("dispatchId"));
      installation.workspaces.open(dispatch, installation.now());
      installation.happens(
          dispatch,
          new DispatchEvent.StopAsked(
              installation.now(), new Failure(Cause.CANCELLED, "Cancelled.")));
    }
    Reply refused = post(body(",\"workspaceName\":\"one-more\""));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body()).contains("There are 100 workspaces already");
    assertThat(post(body(",\"workspaceName\":\"w7\"")).status()).isEqualTo(201);
    String first =
        WorkspaceId.of(Installation.TENANT, "https://github.com/octo-org/shop.git", "w0").value();
    assertThat(send("DELETE", "/workspaces/" + first).status()).isEqualTo(200);
    Reply accepted = post(body(",\"workspaceName\":\"one-more\""));
    assertThat(DispatchId.parse((String) accepted.data().get("dispatchId"))).isPresent();
  }
}
