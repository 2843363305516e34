/** In the order in which they stop: whoever is needed by another stops after it. */
const order = ['launcher', 'demo', 'nats', 'postgres'];

/** The processes of a quick start: stops all of them, in their order, once. */
export class Running {
  #parts = {};
  #stopping;

  /** Adds a process under its name; `onDeath` is called if it ends by itself. */
  add(name, part, onDeath) {
    this.#parts[name] = part;
    void part.exited.then(() => this.#stopping ?? onDeath());
    return part;
  }

  get stopping() {
    return this.#stopping !== undefined;
  }

  stop() {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll() {
    for (const name of order) await this.#parts[name]?.stop();
  }

  /** At once, without a chance to finish anything. */
  kill() {
    for (const name of order) {
      const part = this.#parts[name];
      if (part?.running()) process.kill(part.pid, 'SIGKILL');
    }
  }
}
