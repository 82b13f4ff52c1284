import { readFileSync } from 'node:fs'
import type { NewPerson, People } from '../people.ts'

const file = new URL('../../../ingest/demo/people.json', import.meta.url)

/** The fictional brokers come and go with the fictional park: nobody may be promised an answer by somebody who does not exist. */
export async function syncDemoPeople(people: People, demoDocuments: number): Promise<void> {
  const here = (await people.list()).filter((person) => person.demo)
  if (demoDocuments === 0) for (const person of here) await people.remove(person.id, 'demo')
  if (demoDocuments === 0 || here.length > 0) return
  const wanted = JSON.parse(readFileSync(file, 'utf8')) as readonly Omit<NewPerson, 'telegram' | 'wecom' | 'demo'>[] // our own file
  for (const person of wanted) await people.add({ ...person, telegram: null, wecom: null, demo: true }, 'demo')
}
