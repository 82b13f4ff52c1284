/** Begins work on items before their turn: while one is looked at, up to `more` that follow are on their way. In order, nothing left out. */
export function* ahead<Item, Work>(items: Iterable<Item>, more: number, begin: (item: Item) => Work): Generator<Work> {
  const begun: Work[] = []
  for (const item of items) {
    begun.push(begin(item))
    const first = begun.length > more ? begun.shift() : undefined
    if (first !== undefined) yield first
  }
  yield* begun
}
