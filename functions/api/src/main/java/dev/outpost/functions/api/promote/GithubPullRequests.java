package dev.outpost.functions.api.promote;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.promote.PullRequests;
import dev.outpost.tenant.HostTokens;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pull requests by GitHub's REST API (version 2022-11-28, "Pulls" and "Repositories"). Safe for use
 * by many threads.
 */
public final class GithubPullRequests implements PullRequests {
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Pattern NAME = Pattern.compile("/([^/]+)/([^/]+?)(?:\\.git)?/?");

  private final String host;
  private final URI api;
  private final HttpClient client;

  /**
   * Of one GitHub.
   *
   * @param host the host of its repositories' URLs, with the port where that has one
   * @param api the base of its API: {@code https://api.github.com}, or {@code https://HOST/api/v3}
   *     of an Enterprise Server
   */
  public GithubPullRequests(String host, URI api) {
    this.host = Objects.requireNonNull(host, "host");
    this.api = Objects.requireNonNull(api, "api");
    // Version 1.1: a handful of calls does not earn the other's handshake.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
  }

  /** Of that host: github.com, or an Enterprise Server. */
  public static GithubPullRequests of(String host) {
    return new GithubPullRequests(
        host,
        URI.create(
            "https://" + (host.equals(HostTokens.GITHUB) ? "api." + host : host + "/api/v3")));
  }

  private record Name(String owner, String repository) {
    String path() {
      return "/repos/" + owner + "/" + repository;
    }
  }

  private record Reply(int status, String text) {
    Map<String, Object> object() throws IOException {
      return JSON.std.mapFrom(text);
    }

    String message() {
      try {
        Object message = object().get("message");
        return status + (message instanceof String words ? ", " + words : "");
      } catch (IOException _) {
        return String.valueOf(status);
      }
    }
  }

  private Optional<Name> name(String repository) {
    URI uri;
    try {
      uri = URI.create(repository);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    Matcher matcher = NAME.matcher(uri.getRawPath() == null ? "" : uri.getRawPath());
    return host.equals(uri.getRawAuthority()) && matcher.matches()
        ? Optional.of(new Name(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  @Override
  public boolean knows(String repository) {
    return name(repository).isPresent();
  }

  @Override
  public Opening open(Draft draft) {
    try {
      return open(draft, name(draft.repository()).orElseThrow());
    } catch (IOException e) {
      return new Opening.Failed("GitHub could not be reached: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Opening.Failed("GitHub was not waited for.");
    }
  }

  private Opening open(Draft draft, Name name) throws IOException, InterruptedException {
    String into;
    if (draft.into().isPresent()) {
      into = draft.into().get();
    } else {
      Reply repository = call(draft, "GET", name.path(), Optional.empty());
      if (repository.status() != 200) {
        return refused(repository);
      }
      into = String.valueOf(repository.object().get("default_branch"));
    }
    Reply made =
        call(
            draft,
            "POST",
            name.path() + "/pulls",
            Optional.of(
                JSON.std.asString(
                    Map.of(
                        "title", draft.title(),
                        "body", draft.body(),
                        "head", draft.branch(),
                        "base", into))));
    return switch (made.status()) {
      case 201 -> opened(made.object());
      // Among other things: there is one already.
      case 422 -> existing(draft, name).orElseGet(() -> refused(made));
      default -> refused(made);
    };
  }

  private Optional<Opening> existing(Draft draft, Name name)
      throws IOException, InterruptedException {
    String head = URLEncoder.encode(name.owner() + ":" + draft.branch(), StandardCharsets.UTF_8);
    Reply found =
        call(draft, "GET", name.path() + "/pulls?state=open&head=" + head, Optional.empty());
    if (found.status() != 200) {
      return Optional.empty();
    }
    List<Object> all = JSON.std.listFrom(found.text());
    return !all.isEmpty() && all.getFirst() instanceof Map<?, ?> first
        ? Optional.of(opened(first))
        : Optional.empty();
  }

  private static Opening opened(Map<?, ?> pull) {
    return pull.get("number") instanceof Number number && pull.get("html_url") instanceof String url
        ? new Opening.Opened(number.longValue(), url)
        : new Opening.Failed("GitHub's answer is not understood.");
  }

  private static Opening refused(Reply reply) {
    return new Opening.Failed("GitHub refused: " + reply.message());
  }

  private Reply call(Draft draft, String method, String path, Optional<String> body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api + path))
            .timeout(PATIENCE)
            .header("Accept", "application/vnd.github+json")
            .header("X-GitHub-Api-Version", "2022-11-28")
            .header("Authorization", "Bearer " + draft.token())
            .method(
                method,
                body.map(HttpRequest.BodyPublishers::ofString)
                    .orElseGet(HttpRequest.BodyPublishers::noBody))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    return new Reply(response.statusCode(), response.body());
  }
}
