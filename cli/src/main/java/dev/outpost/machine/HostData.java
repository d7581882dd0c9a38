package dev.outpost.machine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a figure depends on: the computer and how busy it is. */
public final class HostData {
  private static final Path PROC = Path.of("/proc");

  private HostData() {}

  /** As it is now, names to texts. */
  public static Map<String, String> now() {
    Map<String, String> data = new LinkedHashMap<>();
    data.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    data.put("cpu", value("cpuinfo", "model name").orElse(System.getProperty("os.arch")));
    data.put("memory", value("meminfo", "MemTotal").orElse("unknown"));
    data.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    data.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    data.put("load", load < 0 ? "unknown" : Double.toString(Math.round(load * 100) / 100.0));
    return data;
  }

  /** The most resident memory that process has had so far, in MB; none where there is no /proc. */
  public static Optional<Double> peakMb(long pid) {
    return megabytes(pid, "VmHWM");
  }

  /** The resident memory of that process in MB; none where there is no /proc. */
  static Optional<Double> residentMb(long pid) {
    return megabytes(pid, "VmRSS");
  }

  private static Optional<Double> megabytes(long pid, String name) {
    return value(pid + "/status", name)
        .map(text -> Long.parseLong(text.substring(0, text.indexOf(' '))) / 1024.0);
  }

  private static Optional<String> value(String file, String name) {
    try (Stream<String> lines = Files.lines(PROC.resolve(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
