package dev.outpost.embedded;

import dev.outpost.fleet.Endings;
import dev.outpost.fleet.EndingsContract;

class EmbeddedEndingsTest extends EndingsContract {
  private final Endings endings = new EmbeddedEndings(EmbeddedStore.inMemory());

  @Override
  protected Endings endings() {
    return endings;
  }
}
