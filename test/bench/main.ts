/** `npm run bench -- NAME …`: speed and size, ours and a peer's in the same run. Each bench prints one JSON value on stdout. */
type Bench = { readonly run: (args: readonly string[]) => Promise<unknown> }

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  callbacks: () => import('./callbacks.ts'),
  fields: () => import('./fields.ts'),
  attacks: () => import('./attacks.ts'),
  ingest: () => import('./ingest.ts'),
  overhead: () => import('./overhead.ts'),
  recovery: () => import('./recovery.ts'),
  search: () => import('./search.ts'),
  wordings: () => import('./wordings.ts'),
}

const [name = '', ...rest] = process.argv.slice(2)
const bench = benches[name]
if (bench === undefined) {
  // Whoever names none asks which there are.
  const asks = name === '' || name === '--help' || name === '-h'
  const known = `npm run bench -- NAME，NAME 是其中一个 · one of: ${Object.keys(benches).join(', ')}\n`
  process[asks ? 'stdout' : 'stderr'].write(known)
  process.exit(asks ? 0 : 2)
}
const figures = await (await bench()).run(rest)
process.stdout.write(`${JSON.stringify(figures)}\n`)
process.exit(0)
