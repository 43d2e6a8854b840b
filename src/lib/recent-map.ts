/** A map that forgets what was read or written longest ago once it holds more than `limit` entries. */
export class RecentMap<K, V> extends Map<K, V> {
  readonly #limit: number;

  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  override get(key: K): V | undefined {
    const value = super.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** Moves the entry to the end: a map keeps the order in which its keys came. */
  override set(key: K, value: V): this {
    this.delete(key);
    super.set(key, value);
    const oldest = this.size > this.#limit ? this.keys().next() : null;
    if (oldest && !oldest.done) this.delete(oldest.value);
    return this;
  }
}
