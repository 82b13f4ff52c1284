import { readdirSync, readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'

const folder = new URL('./page/', import.meta.url)
const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json; charset=utf-8',
}

/** Serves `page/`, one route per file, so that no path can lead out of it; the shell is `/`. */
export function pageRoutes(http: FastifyInstance): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'))
  for (const file of files) {
    const type = types[file.slice(file.lastIndexOf('.') + 1)]
    if (type === undefined || file === 'sign-in.html' || file === 'refused.html') continue
    const body = readFileSync(new URL(file, folder))
    http.get(file === 'index.html' ? '/' : `/desk/page/${file}`, (_, reply) => reply.type(type).send(body))
  }
}
