// Plain JavaScript on purpose: an old Node cannot even load a .ts file, so the check has to run before one is imported.
// Usage: node bot/preflight.mjs <entry.ts> [arguments]; `npm run …` puts the repository's own Node 24 first on the PATH.
import * as modules from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`Node ${process.versions.node} is too old: Yuanqiao needs 22.18 or newer.`)
  console.error('→ Start it through npm (npm start, npm run ask -- …): the repository brings Node 24 along.')
  console.error('  If npm uses this Node too, its optional packages were left out: run npm install without --omit=optional.')
  process.exit(1)
}

const [entry, ...rest] = process.argv.slice(2)
if (entry === undefined) {
  console.error('Usage: node bot/preflight.mjs <entry.ts> [arguments]')
  process.exit(2)
}
process.argv.splice(1, process.argv.length - 1, resolve(entry), ...rest)
// Compiled code is cached, which halves the start; an unwritable folder does no harm. Beside the packages rather than in the system's
// temporary folder, where others could leave code for us. Flushed early, since a bot may never end by itself.
modules.enableCompileCache?.(fileURLToPath(new URL('../node_modules/.cache/yuanqiao', import.meta.url)))
const soon = setTimeout(() => modules.flushCompileCache?.(), 5_000).unref()
try {
  await import(pathToFileURL(resolve(entry)).href)
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !/^Cannot find package/.test(error.message)) throw error
  console.error(`${error.message.split(' imported from')[0]}.`)
  console.error('→ Run npm install: after an update packages may be new.')
  process.exit(1)
}
soon.refresh()
