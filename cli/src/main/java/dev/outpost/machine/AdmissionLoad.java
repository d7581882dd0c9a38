package dev.outpost.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that dispatch as fast as they are answered, each on a connection of its own. */
final class AdmissionLoad {
  private static final String DISPATCH =
      """
      {"agent":"script","task":"echo a task of the usual length, for the benchmark of admission",\
      "timeoutSeconds":600,"tags":{"from":"bench"}}""";

  private final URI url;
  private final List<String> keys;
  private final ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean counting;
  private volatile boolean over;

  /** On that machine, with those tenants' keys in turn. */
  AdmissionLoad(URI url, List<String> keys) {
    this.url = url;
    this.keys = List.copyOf(keys);
  }

  /**
   * What came of it.
   *
   * @param perSecond dispatches accepted each second
   * @param millis how long each answer took; empty when there was none
   * @param refused answers other than 201
   */
  record Came(double perSecond, Sample millis, int refused) {}

  /** Starts the clients, lets them warm up, and counts for that time. They go on afterwards. */
  Came run(int count, Duration warmUp, Duration counted) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      int number = i;
      clients.add(Thread.ofPlatform().daemon().name("bench-client").start(() -> client(number)));
    }
    Thread.sleep(warmUp);
    long begin = System.nanoTime();
    counting = true;
    Thread.sleep(counted);
    counting = false;
    double seconds = (System.nanoTime() - begin) / 1e9;
    double[] counts = millis.stream().mapToDouble(Double::doubleValue).toArray();
    return new Came(counts.length / seconds, new Sample(counts), refused.get());
  }

  private void client(int number) {
    try (KeptConnection connection = new KeptConnection(url)) {
      for (int i = number; !over; i++) {
        Optional<String> key = Optional.of(keys.get(i % keys.size()));
        long begin = System.nanoTime();
        KeptConnection.Answer answer = connection.send("POST", "/dispatch", key, DISPATCH);
        if (answer.status() == 201) {
          if (counting) {
            millis.add((System.nanoTime() - begin) / 1e6);
          }
          Map<?, ?> data = (Map<?, ?>) JSON.std.mapFrom(answer.body()).get("data");
          accepted.add((String) data.get("dispatchId"));
        } else {
          refused.incrementAndGet();
        }
      }
    } catch (IOException _) {
      // The machine was killed, as it was meant to be.
    }
  }

  /** How many were accepted so far, counted or not. */
  int accepted() {
    return accepted.size();
  }

  /** Ends the clients, and tells the ids of all that was accepted. */
  List<String> end() throws InterruptedException {
    over = true;
    for (Thread client : clients) {
      client.join();
    }
    return List.copyOf(accepted);
  }

  /** How many of these ids the machine at that URL does not list under any of the keys. */
  static int missing(URI url, List<String> keys, List<String> ids) throws IOException {
    Set<String> missing = new HashSet<>(ids);
    try (KeptConnection connection = new KeptConnection(url)) {
      for (String key : keys) {
        String cursor = "";
        do {
          KeptConnection.Answer answer =
              connection.send("GET", "/dispatch?limit=100" + cursor, Optional.of(key), "");
          Map<?, ?> page = (Map<?, ?>) JSON.std.mapFrom(answer.body()).get("data");
          for (Object one : (List<?>) page.get("dispatches")) {
            missing.remove(((Map<?, ?>) one).get("dispatchId"));
          }
          cursor = page.get("nextCursor") instanceof String next ? "&cursor=" + next : "";
        } while (!cursor.isEmpty());
      }
    }
    return missing.size();
  }
}
