/**
 * Starts work on items before their turn: up to `more` following items are under way while one is handled. Keeps the order and leaves
 * nothing out.
 */
export function* ahead<Item, Work>(items: Iterable<Item>, more: number, begin: (item: Item) => Work): Generator<Work> {
  const begun: Work[] = []
  for (const item of items) {
    begun.push(begin(item))
    const first = begun.length > more ? begun.shift() : undefined
    if (first !== undefined) yield first
  }
  yield* begun
}
