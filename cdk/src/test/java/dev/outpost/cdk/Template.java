package dev.outpost.cdk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A CloudFormation template, with its intrinsic functions worked out as far as they can be here.
 */
record Template(Map<String, Object> json) {
  private static final Map<String, String> PSEUDO =
      Map.of(
          "AWS::Partition", "aws",
          "AWS::Region", "eu-central-1",
          "AWS::AccountId", "111122223333",
          "AWS::URLSuffix", "amazonaws.com");

  static Map<?, ?> map(Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  Map<?, ?> resources() {
    return map(json.get("Resources"));
  }

  Map<?, ?> resource(String logicalId) {
    return map(resources().get(logicalId));
  }

  /** The properties of all resources of a type, by logical id. */
  Map<String, Map<?, ?>> ofType(String type) {
    Map<String, Map<?, ?>> found = new LinkedHashMap<>();
    resources()
        .forEach(
            (id, resource) -> {
              if (type.equals(map(resource).get("Type"))) {
                found.put(String.valueOf(id), map(map(resource).get("Properties")));
              }
            });
    return found;
  }

  /** The properties of the one resource of that type whose property has that text. */
  Map<?, ?> one(String type, String property, String text) {
    List<Map<?, ?>> found = new ArrayList<>();
    for (Map<?, ?> properties : ofType(type).values()) {
      if (text(properties.get(property)).equals(text)) {
        found.add(properties);
      }
    }
    if (found.size() != 1) {
      throw new AssertionError(
          found.size() + " resources " + type + " have " + property + " = " + text);
    }
    return found.getFirst();
  }

  /** The constructs' path of a resource. */
  String path(String logicalId) {
    return String.valueOf(map(resource(logicalId).get("Metadata")).get("aws:cdk:path"));
  }

  /** A value as text: references as {@code <logical id>}, attributes as {@code <id.Attribute>}. */
  static String text(Object value) {
    return String.valueOf(resolved(value));
  }

  /** The same value with references worked out. */
  static Object resolved(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(Template::resolved).toList();
    }
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    if (map.size() == 1) {
      Object argument = map.values().iterator().next();
      switch (String.valueOf(map.keySet().iterator().next())) {
        case "Ref" -> {
          String name = String.valueOf(argument);
          return PSEUDO.getOrDefault(name, "<" + name + ">");
        }
        case "Fn::GetAtt" -> {
          return "<" + list(argument).get(0) + "." + list(argument).get(1) + ">";
        }
        case "Fn::Join" -> {
          String between = String.valueOf(list(argument).get(0));
          return String.join(
              between, list(list(argument).get(1)).stream().map(Template::text).toList());
        }
        case "Fn::Sub" -> {
          String text = String.valueOf(argument);
          for (Map.Entry<String, String> pseudo : PSEUDO.entrySet()) {
            text = text.replace("${" + pseudo.getKey() + "}", pseudo.getValue());
          }
          return text;
        }
        case "Fn::ImportValue" -> {
          return "<import " + argument + ">";
        }
        default -> {}
      }
    }
    Map<String, Object> result = new LinkedHashMap<>();
    map.forEach((key, inner) -> result.put(String.valueOf(key), resolved(inner)));
    return result;
  }
}
