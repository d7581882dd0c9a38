package dev.outpost.edge;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.agent.ModelProvider;
import dev.outpost.agent.TaskSize;
import dev.outpost.run.Job;
import dev.outpost.run.Resumable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the catalogue of agents from its file, {@code agents/catalogue.json}: the one place where
 * an agent is added. A wrong file is refused as a whole, with every mistake named.
 */
public final class CatalogueFile {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Z_][A-Z0-9_]*");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[a-z_]+\\}");
  private static final Pattern HOME_PATH = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");
  private static final String TASK_FILE = "{task_file}";
  private static final String MODEL = "{model}";
  private static final String GATEWAY_URL = "{gateway_url}";
  private static final String GATEWAY_KEY = "{gateway_key}";

  private static final Set<String> KNOWN =
      Set.of(TASK_FILE, MODEL, GATEWAY_URL, GATEWAY_KEY, ResumableFields.PLACE, Resumable.SESSION);

  private CatalogueFile() {}

  /** The catalogue that this version of Outpost was built with. */
  public static Catalogue packaged() {
    try (InputStream stream = CatalogueFile.class.getResourceAsStream("catalogue.json")) {
      if (stream == null) {
        throw new IllegalStateException("the package lacks catalogue.json");
      }
      return parse(new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("catalogue.json in the package can't be read", e);
    }
  }

  /**
   * The same with the addresses of models that variables give, as {@link Upstreams} says.
   *
   * @throws IllegalArgumentException when one of them is wrong
   */
  public static Catalogue packaged(Map<String, String> variables) {
    return Upstreams.applied(packaged(), variables);
  }

  /**
   * The catalogue of that JSON text.
   *
   * @throws IllegalArgumentException when the text breaks a rule; names every mistake
   */
  public static Catalogue parse(String text) {
    List<FieldError> mistakes = new ArrayList<>();
    List<Agent> agents = new ArrayList<>();
    try {
      Fields file = new Fields(Json.object(text), mistakes);
      List<?> entries = file.list("agents").orElse(List.of());
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i) instanceof Map<?, ?> map) {
          agent(file.at("agents[" + i + "]", map), agents);
        } else {
          file.wrong("agents[" + i + "]", "must be an object");
        }
      }
      if (entries.isEmpty() && mistakes.isEmpty()) {
        file.wrong("agents", "must list at least one agent");
      }
      file.refuseUnknown();
    } catch (MalformedJson e) {
      mistakes.add(new FieldError("", e.getMessage()));
    }
    twice(agents, mistakes);
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(complaint(mistakes));
    }
    return new Catalogue(agents);
  }

  private static void agent(Fields fields, List<Agent> agents) {
    final int before = fields.mistakes();
    String id = required(fields, "id");
    String description = required(fields, "description");
    List<String> models = words(fields, "models");
    Map<String, String> aliases = texts(fields, "aliases");
    TaskSize size = size(fields);
    List<String> pattern = words(fields, "command");
    Optional<Resumable> resumable = ResumableFields.read(fields, pattern);
    List<String> command = ResumableFields.expanded(pattern, List.of());
    boolean taskOnStdin = fields.flag("taskOnStdin").orElse(false);
    boolean takesContext = fields.flag("takesContext").orElse(true);
    Job.Output output = output(fields);
    Map<String, String> environment = texts(fields, "environment");
    Map<String, String> files = texts(fields, "files");
    int beforeModel = fields.mistakes();
    Optional<ModelProvider> provider = ProviderFields.read(fields);
    boolean hasProvider = provider.isPresent() || fields.mistakes() > beforeModel;
    List<String> credentials = words(fields, "credentials");
    boolean enabled = fields.flag("enabled").orElse(true);
    fields.refuseUnknown();

    if (!id.isEmpty() && !ID.matcher(id).matches()) {
      fields.wrong("id", "must be 1 to 32 of a-z, 0-9 and -, beginning with a letter");
    }
    aliases.forEach(
        (alias, model) -> {
          if (!models.contains(model)) {
            fields.wrong("aliases." + alias, "names the model " + model + ", which models lacks");
          }
        });
    Set<String> used = new HashSet<>();
    for (String word : command) {
      used.addAll(placeholders(fields, "command", word));
    }
    resumable.ifPresent(
        found -> found.command().forEach(word -> placeholders(fields, "session.resume", word)));
    checkCommand(fields, command, taskOnStdin, used.contains(TASK_FILE));
    environment.forEach(
        (name, value) -> used.addAll(placeholders(fields, "environment." + name, value)));
    files.forEach((path, text) -> used.addAll(placeholders(fields, "files." + path, text)));
    checkMeaning(fields, used, !models.isEmpty(), hasProvider);
    if (used.contains(ResumableFields.PLACE) || used.contains(Resumable.SESSION)) {
      fields.wrong(
          "command",
          "has "
              + ResumableFields.PLACE
              + " or "
              + Resumable.SESSION
              + " in another place than a word of its own");
    }
    checkVariables(fields, "environment", environment.keySet());
    checkVariables(fields, "credentials", credentials);
    checkFiles(fields, files.keySet());
    if (fields.mistakes() == before) {
      agents.add(
          new Agent(
              id,
              description,
              models,
              aliases,
              size,
              command,
              resumable,
              taskOnStdin,
              takesContext,
              output,
              environment,
              files,
              provider,
              credentials,
              enabled));
    }
  }

  private static TaskSize size(Fields fields) {
    OptionalInt cpu = fields.integer("cpuUnits");
    OptionalInt memory = fields.integer("memoryMb");
    OptionalInt disk = fields.integer("diskGb");
    TaskSize size = new TaskSize(cpu.orElse(0), memory.orElse(0), disk);
    if (!size.isFargatePair()) {
      fields.wrong("cpuUnits", "and memoryMb must be a pair that Fargate has");
    }
    if (disk.isPresent()
        && (disk.getAsInt() < TaskSize.MIN_DISK_GB || disk.getAsInt() > TaskSize.MAX_DISK_GB)) {
      fields.wrong("diskGb", "must be " + TaskSize.MIN_DISK_GB + " to " + TaskSize.MAX_DISK_GB);
    }
    return size;
  }

  private static Job.Output output(Fields fields) {
    String word = required(fields, "output");
    List<String> known = new ArrayList<>();
    for (Job.Output output : Job.Output.values()) {
      String wire = output.name().toLowerCase(Locale.ROOT);
      if (wire.equals(word)) {
        return output;
      }
      known.add(wire);
    }
    if (!word.isEmpty()) {
      fields.wrong("output", "must be one of " + String.join(", ", known));
    }
    return Job.Output.TEXT;
  }

  /** The placeholders in a text; notes those that nobody knows. */
  private static Set<String> placeholders(Fields fields, String where, String text) {
    Set<String> found = new HashSet<>();
    Matcher matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      if (KNOWN.contains(matcher.group())) {
        found.add(matcher.group());
      } else {
        fields.wrong(where, "has the unknown placeholder " + matcher.group());
      }
    }
    return found;
  }

  /** The task must reach the agent in one way. */
  private static void checkCommand(
      Fields fields, List<String> command, boolean taskOnStdin, boolean taskInFile) {
    if (command.isEmpty()) {
      fields.wrong("command", "must have at least one word");
    }
    if (taskInFile == taskOnStdin) {
      fields.wrong("command", "must have " + TASK_FILE + ", or else taskOnStdin must be true");
    }
  }

  /** Every placeholder must have something to stand for, and the agent must find its model. */
  private static void checkMeaning(
      Fields fields, Set<String> used, boolean hasModels, boolean hasProvider) {
    if (used.contains(MODEL) && !hasModels) {
      fields.wrong("command", "has " + MODEL + ", but the agent has no models");
    }
    boolean gateway = used.contains(GATEWAY_URL);
    if (!hasProvider && (gateway || used.contains(GATEWAY_KEY))) {
      fields.wrong("model", "is missing, but " + GATEWAY_URL + " or " + GATEWAY_KEY + " is used");
    }
    if (hasProvider && !gateway) {
      fields.wrong(
          "model",
          "is there, but neither command, environment nor files tell the agent its " + GATEWAY_URL);
    }
  }

  private static void checkFiles(Fields fields, Iterable<String> paths) {
    for (String path : paths) {
      if (!HOME_PATH.matcher(path).matches() || List.of(path.split("/")).contains("..")) {
        fields.wrong("files", "has " + path + ", which is no path below HOME");
      }
    }
  }

  private static void checkVariables(Fields fields, String field, Iterable<String> names) {
    for (String name : names) {
      if (!VARIABLE.matcher(name).matches()) {
        fields.wrong(field, "has " + name + ", which is no name of an environment variable");
      }
    }
  }

  private static void twice(List<Agent> agents, List<FieldError> mistakes) {
    Set<String> ids = new HashSet<>();
    for (Agent agent : agents) {
      if (!ids.add(agent.id())) {
        mistakes.add(new FieldError("agents", "has two agents called " + agent.id()));
      }
    }
  }

  private static String required(Fields fields, String name) {
    String text = fields.text(name).orElse("");
    if (text.isEmpty() && !fields.has(name)) {
      fields.wrong(name, "is missing");
    }
    return text;
  }

  static List<String> words(Fields fields, String name) {
    List<String> words = new ArrayList<>();
    for (Object word : fields.list(name).orElse(List.of())) {
      if (word instanceof String text && !text.isEmpty()) {
        words.add(text);
      } else {
        fields.wrong(name, "must be a list of strings that are not empty");
      }
    }
    return words;
  }

  private static Map<String, String> texts(Fields fields, String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    fields
        .map(name)
        .orElse(Map.of())
        .forEach(
            (key, value) -> {
              if (value instanceof String text) {
                texts.put(String.valueOf(key), text);
              } else {
                fields.wrong(name + "." + key, "must be a string");
              }
            });
    return texts;
  }

  private static String complaint(List<FieldError> mistakes) {
    StringBuilder text = new StringBuilder("the catalogue of agents is wrong:");
    for (FieldError mistake : mistakes) {
      text.append("\n  ").append(mistake.path()).append(' ').append(mistake.message());
    }
    return text.toString();
  }
}
