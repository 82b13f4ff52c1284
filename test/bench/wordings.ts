import { readFileSync } from 'node:fs'
import { fieldsOfText, type Wording } from './documents/wordings.ts'

/** Precision and recall per field on fictional documents in wordings of real ones, labelled before any rule saw them. */
export async function run(): Promise<unknown> {
  const cases = readFileSync(new URL('../cases/labels/wordings.jsonl', import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Wording) // our own file
  const scores = new Map<string, { emitted: number; right: number; labelled: number; wrong: string[] }>()
  for (const { text, label } of cases) {
    const found = await fieldsOfText(text)
    for (const [name, wanted] of Object.entries(label)) {
      const score = scores.get(name) ?? { emitted: 0, right: 0, labelled: 0, wrong: [] }
      scores.set(name, score)
      const [a, b] = [told(name, wanted), told(name, found[name as keyof typeof found])]
      score.emitted += b === null ? 0 : 1
      score.labelled += a === null ? 0 : 1
      score.right += a !== null && a === b ? 1 : 0
      if (a !== b) score.wrong.push(`${text[0]}: ${b}, not ${a}`)
    }
  }
  return { documents: cases.length, ...Object.fromEntries([...scores].map(([name, each]) => [name, figures(each)])) }
}

/** What is looked for: a value; an event that ends it; that it does not bind. */
function told(name: string, value: unknown): string | null {
  if (name === 'binding') return value === true ? null : 'not binding'
  if (name === 'event') return value === true ? 'an event' : null
  return value === null || value === undefined || String(value) === '' ? null : String(value)
}

function figures({ emitted, right, labelled, wrong }: { emitted: number; right: number; labelled: number; wrong: string[] }) {
  return {
    precision: emitted === 0 ? null : Number((right / emitted).toFixed(3)),
    recall: labelled === 0 ? null : Number((right / labelled).toFixed(3)),
    labelled,
    wrong,
  }
}
