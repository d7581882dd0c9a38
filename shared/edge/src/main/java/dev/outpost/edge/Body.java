package dev.outpost.edge;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/** The body of a request. It may be no text at all, which only its reader hears. Immutable. */
public final class Body {
  /** A request without a body. */
  public static final Body NONE = Body.ofText("");

  private final byte[] bytes;

  private Body(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A body that came as text. */
  public static Body ofText(String text) {
    return new Body(encoded(text));
  }

  /**
   * A body that came in base64.
   *
   * @throws IllegalArgumentException when the text is not base64
   */
  public static Body ofBase64(String text) {
    return new Body(Base64.getDecoder().decode(Objects.requireNonNull(text, "text")));
  }

  /** Its size in bytes. */
  public int size() {
    return bytes.length;
  }

  /** Whether there is nothing in it. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /**
   * Its text.
   *
   * @throws MalformedJson when it is not UTF-8, which JSON must be (RFC 8259, section 8.1)
   */
  public String text() throws MalformedJson {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw new MalformedJson("it is not UTF-8");
    }
  }

  /** Its size only. */
  @Override
  public String toString() {
    return "Body[" + bytes.length + " bytes]";
  }

  private static byte[] encoded(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
