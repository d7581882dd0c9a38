package dev.outpost.functions.api.promote;

import dev.outpost.promote.Branches;
import dev.outpost.promote.Promote;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Reads presigned URLs: no client of the object store is needed for one GET. Safe for threads. */
public final class UrlContent implements Promote.Fetch {
  private static final int PATIENCE_MILLIS = 10_000;

  @Override
  public Branches.Content of(String url) {
    return () -> {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        // The URL is a key to the object: it is in no message.
        throw new IOException("the patch is not kept any more");
      }
      return connection.getInputStream();
    };
  }
}
