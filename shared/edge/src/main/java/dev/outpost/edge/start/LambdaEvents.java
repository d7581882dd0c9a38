package dev.outpost.edge.start;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Lambda's own way from an event's JSON to its object and from an answer to its JSON, which a
 * rehearsal must go as well: of all that a first call pays for it is the largest part. The managed
 * runtime brings the library, no package carries it; where it is missing the rehearsal ends early.
 */
public final class LambdaEvents {
  private LambdaEvents() {}

  /**
   * The event of that JSON, which comes as bytes, as Lambda's events do: their parser is another.
   */
  public static <T> T read(Class<T> type, String json) {
    return serializer(type)
        .fromJson(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes an answer to nowhere. */
  public static <T> void write(Class<T> type, T answer) {
    serializer(type).toJson(answer, OutputStream.nullOutputStream());
  }

  private static <T> PojoSerializer<T> serializer(Class<T> type) {
    ClassLoader loader = type.getClassLoader();
    return LambdaEventSerializers.isLambdaSupportedEvent(type.getName())
        ? LambdaEventSerializers.serializerFor(type, loader)
        : JacksonFactory.getInstance().getSerializer(type);
  }
}
