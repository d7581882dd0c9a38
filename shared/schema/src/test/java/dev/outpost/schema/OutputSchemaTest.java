package dev.outpost.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputSchemaTest {
  private static Map<?, ?> schema(String json) throws IOException {
    return (Map<?, ?>) Document.read(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"const\":null}}}",
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"items\":[{\"type\":\"string\"}]}",
        "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"string\"}}}",
        "{\"properties\":{\"child\":{\"$ref\":\"#\"},\"pattern\":{\"type\":\"string\"}}}",
        "{\"enum\":[{\"$ref\":\"https://example.org/x\"}]}"
      })
  void aGoodSchemaHasNoFlaws(String json) throws IOException {
    assertThat(OutputSchema.flaws(schema(json))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"objekt\"} | /type",
        "{\"properties\":{\"a\":{\"minimum\":\"x\"}}} | /properties/a/minimum",
        "{\"required\":\"a\"} | /required",
        "{\"$schema\":\"https://example.org/mine\"} | /$schema",
        "{\"$ref\":\"https://example.org/x\"} | /$ref",
        "{\"items\":{\"$ref\":\"#/$defs/none\"}} | /items/$ref",
        "{\"pattern\":\"(\"} | /pattern",
        "{\"patternProperties\":{\"[\":{}}} | /patternProperties/[",
        "{\"properties\":{\"a\":{\"$id\":\"b\"}}} | /properties/a/$id"
      })
  void aFlawIsToldWithItsPlace(String json, String place) throws IOException {
    assertThat(OutputSchema.flaws(schema(json)))
        .isNotEmpty()
        .extracting(OutputSchema.Flaw::place)
        .contains(place);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"integer\"} | 3.0",
        "{\"type\":\"integer\"} | 123456789012345678901234567890",
        "{\"const\":null} | null",
        "{\"const\":{\"a\":[1,2.0]}} | {\"a\":[1.0,2]}",
        "{\"uniqueItems\":true} | [1,2,\"1\",true,null]",
        "{\"items\":{\"$ref\":\"#/$defs/a\"},\"$defs\":{\"a\":{\"type\":\"string\"}}} | [\"a\"]"
      })
  void theseDocumentsAreAsWanted(String json, String document) throws IOException {
    assertThat(new OutputSchema(schema(json)).mismatch(Document.read(document))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"integer\"} | 3.5 | ''",
        "{\"type\":\"object\"} | [] | ''",
        "{\"uniqueItems\":true} | [1,1.0] | ''",
        "{\"properties\":{\"a\":{\"items\":{\"maxLength\":1}}}} | {\"a\":[\"x\",\"yy\"]} | /a/1",
        "{\"properties\":{\"child\":{\"$ref\":\"#\"}},\"required\":[\"a\"]} |"
            + " {\"a\":1,\"child\":{}} | /child",
        "{\"$ref\":\"#\"} | 1 | ''"
      })
  void theseAreNotAndThePlaceIsTold(String json, String document, String place) throws IOException {
    assertThat(new OutputSchema(schema(json)).mismatch(Document.read(document)))
        .get()
        .extracting(OutputSchema.Flaw::place)
        .isEqualTo(place);
  }

  @Test
  void aDocumentIsReadWithBounds() throws IOException {
    assertThat(Document.read("null")).isNull();
    for (String bad :
        new String[] {
          "", "{", "1 2", "{\"a\":1,\"a\":2}", "1e99999", "[".repeat(60) + "]".repeat(60)
        }) {
      assertThatThrownBy(() -> Document.read(bad)).as(bad).isInstanceOf(IOException.class);
    }
  }
}
