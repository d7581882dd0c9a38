package dev.outpost.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void anObjectIsReadAsAMap() throws MalformedJson {
    assertThat(Json.object("{\"a\":1,\"b\":[true,null]}")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "[]", "1", "null", "\"a\"", "{", "{\"a\":}", "{} {}", "{}x", "{'a':1}"})
  void whateverIsNoSingleObjectIsRefused(String text) {
    assertThatThrownBy(() -> Json.object(text)).isInstanceOf(MalformedJson.class);
  }

  @Test
  void aNameGivenTwiceIsRefusedByName() {
    assertThatThrownBy(() -> Json.object("{\"agent\":\"a\",\"agent\":\"b\"}"))
        .isInstanceOf(MalformedJson.class)
        .hasMessageContaining("agent");
  }

  @Test
  void endlessNestingIsRefused() {
    String deep = "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
    assertThatThrownBy(() -> Json.object(deep)).isInstanceOf(MalformedJson.class);
  }

  @Test
  void aMistakeIsPlacedButTheTextIsNotRepeated() {
    assertThatThrownBy(() -> Json.object("{\n\"a\": hunter2}"))
        .hasMessageContaining("line 2")
        .hasMessageNotContaining("hunter2");
  }
}
