import { agendaAsker } from '../../bot/agenda/answer.ts'
import { shown } from '../../bot/answer/outcome.ts'
import { ingest } from '../../ingest/ingest.ts'
import { openReader } from '../../ingest/reader.ts'
import type { Outcome } from '../../ingest/report.ts'
import { loadTexts } from '../../prompts/load.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { handsOver, openTestDesk, type TestDesk } from './desk.ts'
import { openTestLibrary, type TestLibrary } from './library.ts'

/** People in chats, a library with tables of events, and a clock that is set by hand. */
export type AgendaWorld = {
  readonly desk: TestDesk
  readonly library: TestLibrary
  /** `2026-11-26T10:00`, in China */
  set(time: string): void
  /** Ingests a table: rows of cells, the first one its header. */
  table(name: string, rows: readonly (readonly string[])[]): Promise<Outcome | undefined>
  /** Everything that is due is done. @returns what was said to that chat since it was last asked */
  heard(chat: string): Promise<string[]>
  /** Says lines one after the other. @returns what was said in answer to the last one */
  say(chat: string, ...lines: string[]): Promise<string>
  press(chat: string, data: string): Promise<string>
  close(): Promise<void>
}

export async function openAgendaWorld(time: string): Promise<AgendaWorld> {
  let now = new Date(`${time}+08:00`)
  const clock = () => now
  const told = new Map<string, number>()
  const asks: { agenda: ReturnType<typeof agendaAsker> | null } = { agenda: null }
  const desk = await openTestDesk({
    clock,
    answer: async (asking) => {
      const draft = (await asks.agenda?.({ questions: [asking.question], language: asking.language, asOf: asking.asOf })) ?? null
      return draft === null ? handsOver(asking) : { ...handsOver(asking), ...shown({ do: 'answer' }, draft, []) }
    },
  })
  asks.agenda = agendaAsker({ pool: desk.database.pool, agenda: desk.deps.agenda, clock, texts: loadTexts() })
  const library = await openTestLibrary({}, desk.database)
  const reader = openReader()
  const heard = async (chat: string) => {
    await desk.settle()
    const all = await desk.said(chat)
    const from = told.get(chat) ?? 0
    told.set(chat, all.length)
    return all.slice(from)
  }
  return {
    desk,
    library,
    heard,
    set(to) {
      now = new Date(`${to}+08:00`)
    },
    async table(name, rows) {
      const bytes = Buffer.from(rows.map((row) => row.join(',')).join('\n'))
      for await (const outcome of ingest([{ source: name, name, bytes: async () => bytes }], {
        library,
        reader,
        log: silentLog,
      })) {
        await desk.deps.agenda.follow()
        return outcome
      }
      return undefined
    },
    async say(chat, ...lines) {
      let last: string[] = []
      for (const line of lines) {
        await desk.write(chat, line)
        last = await heard(chat)
      }
      return last.join('\n---\n')
    },
    async press(chat, data) {
      await desk.write(chat, '', { kind: 'button', button: data })
      return (await heard(chat)).join('\n---\n')
    },
    async close() {
      reader.close()
      await library.close()
      await desk.close()
    },
  }
}
