package dev.outpost.machine;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A measured figure.
 *
 * @param name its name for programs
 * @param what what was measured, for people
 * @param value how much
 * @param unit of what
 * @param goal what was promised of it; empty for a figure that only explains another
 * @param bound what keeps it from being better; empty likewise
 */
record Figure(String name, String what, double value, String unit, String goal, String bound) {
  Figure {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(goal, "goal");
    Objects.requireNonNull(bound, "bound");
  }

  /** One that only explains another. */
  static Figure detail(String name, String what, double value, String unit) {
    return new Figure(name, what, value, unit, "", "");
  }

  String amount() {
    return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, unit);
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", name);
    document.put("what", what);
    document.put("value", Math.round(value * 10) / 10.0);
    document.put("unit", unit);
    if (!goal.isEmpty()) {
      document.put("goal", goal);
      document.put("bound", bound);
    }
    return document;
  }
}
