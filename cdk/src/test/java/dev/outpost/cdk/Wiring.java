package dev.outpost.cdk;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** Functions, made by their own code from the variables of their environment. */
final class Wiring {
  private Wiring() {}

  /** What the function is made of. */
  static Object parts(Room room, Map<String, String> variables)
      throws ReflectiveOperationException {
    return make(room).invoke(null, variables);
  }

  /** The function, as Lambda's runtime has it. */
  static Object function(Room room, Map<String, String> variables)
      throws ReflectiveOperationException {
    Method make = make(room);
    Constructor<?> constructor =
        Class.forName(room.handler()).getDeclaredConstructor(make.getReturnType());
    constructor.setAccessible(true);
    return constructor.newInstance(parts(room, variables));
  }

  private static Method make(Room room) throws ClassNotFoundException {
    String handler = room.handler();
    Class<?> wiring =
        Class.forName(
            handler.substring(0, handler.length() - "Function".length()).concat("Wiring"));
    Method make =
        Arrays.stream(wiring.getDeclaredMethods())
            .filter(method -> Set.of("fromEnvironment", "read").contains(method.getName()))
            .filter(method -> Arrays.equals(method.getParameterTypes(), new Class<?>[] {Map.class}))
            .findFirst()
            .orElseThrow();
    make.setAccessible(true);
    return make;
  }
}
