package dev.outpost.runner.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private final List<String> taken = new ArrayList<>();

  private void read(int longest, byte[] bytes) {
    new LineReader(
            longest,
            new LineReader.Lines() {
              @Override
              public void line(String line) {
                taken.add(line);
              }

              @Override
              public void part(String part, boolean last) {
                taken.add((last ? "end:" : "part:") + part);
              }
            })
        .readAll(new ByteArrayInputStream(bytes));
  }

  @Test
  void linesEndWithAndWithoutCarriageReturnOrNotAtAll() {
    read(100, "a\r\nb\n\nc".getBytes(UTF_8));
    assertThat(taken).containsExactly("a", "b", "", "c");
  }

  @Test
  void anEmptyStreamHasNoLine() {
    read(100, new byte[0]);
    assertThat(taken).isEmpty();
  }

  @Test
  void bytesThatAreNoTextAreReplaced() {
    read(100, new byte[] {'a', (byte) 0xff, 0, (byte) 0xc3, '\n', 'b', '\n'});
    assertThat(taken).containsExactly("a\ufffd\ufffd\ufffd", "b");
  }

  @Test
  void aLongLineComesInPartsThatCutNoCharacter() {
    String text = "é😀x".repeat(40_000);
    read(50_000, (text + "\nnext").getBytes(UTF_8));
    assertThat(taken).hasSizeGreaterThan(3);
    assertThat(taken.getLast()).isEqualTo("next");
    List<String> parts = taken.subList(0, taken.size() - 1);
    assertThat(parts.getLast()).startsWith("end:");
    assertThat(
            String.join("", parts.stream().map(p -> p.replaceFirst("^(part|end):", "")).toList()))
        .isEqualTo(text);
  }
}
