import { createServer } from 'node:net'

/** @returns a port of 127.0.0.1 that was free a moment ago: for servers that take a number from their settings */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
