import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { caseOf } from './case.ts'

/** `npm run case -- FILE [NAME]`: makes a case of a file. It records what the product does today: read it before committing. */
const [file, name = basename(file ?? '', extname(file ?? ''))] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('npm run case -- FILE [NAME]\n')
  process.exit(2)
}
const folder = fileURLToPath(new URL(`./files/${name}/`, import.meta.url))
const source = `source${extname(file).toLowerCase()}`
const expected = await caseOf(new Uint8Array(readFileSync(file)), source)
mkdirSync(folder, { recursive: true })
copyFileSync(file, `${folder}${source}`)
writeFileSync(`${folder}expected.json`, `${JSON.stringify(expected, null, 2)}\n`)
process.stdout.write(`${folder}expected.json\n→ Read it: is this what a person sees in the file?\n`)
process.exit(0)
