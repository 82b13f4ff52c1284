/** The most items in one statement. */
const mostAtOnce = 200

type Waiting<Item> = { readonly item: Item; done(): void; failed(error: unknown): void }

/**
 * Collects what arrives while a write is under way and writes it together, so that many at once cost few commits and nobody waits for more
 * than two. After a failure the items are tried one by one: a message that cannot be stored takes no other with it.
 * @returns writes one item; resolves after its commit
 */
export function gathered<Item>(write: (items: readonly Item[]) => Promise<unknown>): (item: Item) => Promise<void> {
  let waiting: Waiting<Item>[] = []
  let busy = false

  async function writeAll(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await write(batch.map((each) => each.item))
      for (const each of batch) each.done()
    } catch (error) {
      if (batch.length === 1) batch[0]?.failed(error)
      else for (const each of batch) await writeAll([each])
    }
  }

  async function work(): Promise<void> {
    busy = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, mostAtOnce)
      waiting = waiting.slice(mostAtOnce)
      await writeAll(batch)
    }
    busy = false
  }

  return (item) =>
    new Promise((done, failed) => {
      waiting.push({ item, done, failed })
      if (!busy) void work()
    })
}
