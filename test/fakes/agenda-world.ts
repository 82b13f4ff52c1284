import { agendaAsker } from '../../bot/agenda/answer.ts'
import { shown } from '../../bot/answer/outcome.ts'
import { ingest } from '../../ingest/ingest.ts'
import { openReader } from '../../ingest/reader.ts'
import type { Outcome } from '../../ingest/report.ts'
import { loadTexts } from '../../prompts/load.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { handsOver, openTestDesk, type TestDesk } from './desk.ts'
import { openTestLibrary, type TestLibrary } from './library.ts'

const header = ['编号', '活动名称', '活动时间', '活动地点', '类型', '名额', '报名截止', '状态', '联系人']
const roadshow = ['A1', '新材料专场路演', '2026-12-03 14:00-16:30', '孵化楼二楼', '路演', '3', '2026-12-02', '', '陈工']
const training = ['A2', '技术合同登记培训', '2026-12-02 9:30', '政务中心', '培训', '', '', '', '']
const tea = ['A3', '科创下午茶', '2026-12-10 15:00', '咖啡厅', '沙龙', '20', '', '', '']
const past = ['A4', '十月路演', '2026-10-20 14:00', '孵化楼', '路演', '30', '', '', '']
/** A table of events, row by row: one to come with three places, others to come, and one that is over. */
export const table = { header, roadshow, training, tea, past, rows: [header, roadshow, training, tea, past] }

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
