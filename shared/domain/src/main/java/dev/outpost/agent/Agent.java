package dev.outpost.agent;

import dev.outpost.run.Job;
import dev.outpost.run.Resumable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One entry of the catalogue.
 *
 * @param id what clients call it
 * @param description a sentence for people
 * @param models the models it may be asked for; the first is the default; empty for an agent
 *     without
 * @param aliases other names of models, to a name in {@code models}
 * @param size CPU and memory of its task
 * @param command its command line; see {@link Job#command()}
 * @param resumable how it goes on with an earlier conversation, where it can
 * @param taskOnStdin whether it reads the task from standard input
 * @param takesContext whether a preamble may be put before the task
 * @param output how its output is read
 * @param environment variables it is given that are no secret; see {@link Job#environment()}
 * @param files files it finds in its HOME; see {@link Job#files()}
 * @param provider where its models are; empty for an agent without, or for one that calls them past
 *     us with credentials of its own
 * @param credentials names of the secret variables that are put into its environment; what opens
 *     the {@code provider} is none of them
 * @param enabled whether it may be dispatched to unless the installation says otherwise
 */
public record Agent(
    String id,
    String description,
    List<String> models,
    Map<String, String> aliases,
    TaskSize size,
    List<String> command,
    Optional<Resumable> resumable,
    boolean taskOnStdin,
    boolean takesContext,
    Job.Output output,
    Map<String, String> environment,
    Map<String, String> files,
    Optional<ModelProvider> provider,
    List<String> credentials,
    boolean enabled) {
  /** Copies the collections; refuses a command without a word and an alias to no model. */
  public Agent {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(description, "description");
    models = List.copyOf(models);
    aliases = Map.copyOf(aliases);
    Objects.requireNonNull(size, "size");
    command = List.copyOf(command);
    Objects.requireNonNull(resumable, "resumable");
    Objects.requireNonNull(output, "output");
    environment = Map.copyOf(environment);
    files = Map.copyOf(files);
    Objects.requireNonNull(provider, "provider");
    credentials = List.copyOf(credentials);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("agent " + id + " has no command");
    }
    if (!models.containsAll(aliases.values())) {
      throw new IllegalArgumentException("agent " + id + " has an alias to an unknown model");
    }
    if (!size.isFargatePair()) {
      throw new IllegalArgumentException("agent " + id + " has a size that Fargate lacks");
    }
  }

  /** The names of all secrets that it can't do without, the provider's first. */
  public List<String> secretNames() {
    List<String> names = new ArrayList<>();
    provider.flatMap(ModelProvider::credential).ifPresent(names::add);
    names.addAll(credentials);
    return names;
  }

  /** The same agent with its models elsewhere. */
  public Agent at(ModelProvider other) {
    return new Agent(
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
        Optional.of(other),
        credentials,
        enabled);
  }

  /** The model used when none is asked for. */
  public Optional<String> defaultModel() {
    return models.stream().findFirst();
  }

  /** The model that the name means, or empty when this agent has no such model. */
  public Optional<String> model(String name) {
    String model = aliases.getOrDefault(name, name);
    return models.contains(model) ? Optional.of(model) : Optional.empty();
  }
}
