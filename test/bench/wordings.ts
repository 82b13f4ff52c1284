import { readFileSync } from 'node:fs'
import { fieldsOfText, type Wording } from './documents/wordings.ts'

/** Precision and recall per field on fictional documents in wordings of real ones, labelled before any rule saw them. */
export async function run(): Promise<unknown> {
  const cases = readFileSync(new URL('../cases/labels/wordings.jsonl', import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Wording) // our own file
  const scores = new Map<string, Score>()
  for (const { text, label } of cases) {
    const found: Readonly<Record<string, unknown>> = await fieldsOfText(text)
    for (const [name, wanted] of Object.entries(label)) {
      const score = scores.get(name) ?? { emitted: 0, right: 0, labelled: 0, wrong: [] }
      scores.set(name, score)
      count(score, text[0] ?? '', told(name, wanted), told(name, found[name]))
    }
  }
  return { documents: cases.length, ...Object.fromEntries([...scores].map(([name, each]) => [name, figures(each)])) }
}

type Score = { emitted: number; right: number; labelled: number; wrong: string[] }

function count(score: Score, title: string, wanted: string | null, found: string | null): void {
  score.emitted += found === null ? 0 : 1
  score.labelled += wanted === null ? 0 : 1
  score.right += wanted !== null && wanted === found ? 1 : 0
  if (wanted !== found) score.wrong.push(`${title}: ${found}, not ${wanted}`)
}

/** What is looked for: a value; an event that ends it; that it does not bind. */
function told(name: string, value: unknown): string | null {
  if (name === 'binding') return value === true ? null : 'not binding'
  if (name === 'event') return value === true ? 'an event' : null
  return value === null || value === undefined || String(value) === '' ? null : String(value)
}

function figures({ emitted, right, labelled, wrong }: Score) {
  return {
    precision: emitted === 0 ? null : Number((right / emitted).toFixed(3)),
    recall: labelled === 0 ? null : Number((right / labelled).toFixed(3)),
    labelled,
    wrong,
  }
}
