package dev.outpost.cdk;

import java.util.function.Consumer;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Tells whoever listens what the clients of the SDK are asked, and what its presigners sign. The
 * SDK finds it on the class path of these tests and gives it to every client that is made.
 */
public final class HeardInterceptor implements ExecutionInterceptor {
  /** Who listens to the calls of the current thread. */
  static final ScopedValue<Consumer<SdkRequest>> LISTENER = ScopedValue.newInstance();

  @Override
  public SdkRequest modifyRequest(
      Context.ModifyRequest context, ExecutionAttributes executionAttributes) {
    if (LISTENER.isBound()) {
      LISTENER.get().accept(context.request());
    }
    return context.request();
  }
}
