package dev.outpost.simulation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.AwsRequest;

/** The wire between a process and an AWS service: what passes over it may go wrong on the way. */
interface Wire {
  /** Makes a call that has the given effect, or makes it fail. */
  Object call(String operation, AwsRequest request, Supplier<Object> effect);

  /** A client of that service at the other end of this wire. */
  default <C> C to(Class<C> type, C service) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          boolean request =
              arguments != null && arguments.length == 1 && arguments[0] instanceof AwsRequest;
          if (!request) {
            // An overload with a builder calls the one with the request.
            return method.isDefault()
                ? InvocationHandler.invokeDefault(proxy, method, arguments)
                : method.invoke(service, arguments);
          }
          return call(
              method.getName(),
              (AwsRequest) arguments[0],
              () -> {
                try {
                  return method.invoke(service, arguments);
                } catch (InvocationTargetException e) {
                  if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                  }
                  throw new IllegalStateException(e);
                } catch (IllegalAccessException e) {
                  throw new IllegalStateException(e);
                }
              });
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
