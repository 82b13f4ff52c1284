/** The reading child, except that some file names make it misbehave as a hostile file might. For test/ingest/dies-alone.test.ts. */
process.on('message', ({ name }: { readonly name: string }) => {
  if (name.startsWith('loop')) for (;;);
  if (name.startsWith('kill')) process.kill(process.pid, 'SIGKILL')
  if (name.startsWith('exit')) process.exit(0)
  if (name.startsWith('heap')) fill(() => Array.from({ length: 1_000_000 }, (_, at) => ({ at })))
  if (name.startsWith('buffers')) fill(() => Buffer.alloc(16 * 1024 * 1024, 1))
  if (name.startsWith('throw')) JSON.parse('{')
})

function fill(make: () => unknown): never {
  const kept: unknown[] = []
  for (;;) kept.push(make())
}

await import('../../ingest/reader/read-child.ts')
