/** In the order in which they stop: whoever is needed by another stops after it. */
const order = ['launcher', 'demo', 'nats', 'postgres'];

/** The processes of a quick start. */
export class Running {
  #parts = new Map();
  #stopping = false;

  /** Takes a process in, so that it stops with the others. */
  add(name, part) {
    let stopped;
    this.#parts.set(name, { ...part, stop: () => (stopped ??= part.stop()) });
    return part;
  }

  /** Calls `onDeath`, with how it ended, if the process ends by itself. */
  watch(name, onDeath) {
    void this.#parts.get(name).exited.then(({ code, signal }) => {
      if (!this.#stopping) onDeath(signal ? `by ${signal}` : `with exit code ${code}`);
    });
  }

  get stopping() {
    return this.#stopping;
  }

  /** Stops what there is, in its order. May be called again for what came later. */
  async stop() {
    this.#stopping = true;
    for (const name of order) await this.#parts.get(name)?.stop();
  }

  /** At once, without a chance to finish anything. */
  kill() {
    for (const part of this.#parts.values()) if (part.running()) process.kill(part.pid, 'SIGKILL');
  }
}
