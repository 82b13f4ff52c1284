import dgram from 'node:dgram'
import dns from 'node:dns'
import net from 'node:net'

/**
 * Removes network access from the importing process before anything else is loaded: documents name addresses, none is ever called. Files,
 * programs and add-ons are denied by Node's permission model, which does not cover the network.
 */
function denied(): never {
  throw Object.assign(new Error('The reading process has no network'), { code: 'ERR_ACCESS_DENIED' })
}

for (const [of, name] of [
  [net.Socket.prototype, 'connect'],
  [net.Server.prototype, 'listen'],
  [dgram, 'createSocket'],
  [dns, 'lookup'],
  [dns, 'resolve'],
  [dns.promises, 'lookup'],
] as const)
  Object.defineProperty(of, name, { value: denied, writable: false, configurable: false })
for (const name of ['fetch', 'WebSocket', 'EventSource'])
  Object.defineProperty(globalThis, name, { value: denied, writable: false, configurable: false })
