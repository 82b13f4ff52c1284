import { AppError, codeOf, toError } from '../../retrieval/base/errors.ts'
import { freeBytes } from '../../retrieval/base/machine.ts'
import { rerankerOf } from '../../retrieval/rerankers/index.ts'
import type { RetrievalSettings } from '../../retrieval/settings.ts'
import type { ChannelCheck } from '../channels/channel.ts'
import { holidaysIn } from '../handoff/duty/holidays.ts'
import type { Park } from '../open.ts'

type Check = ChannelCheck

/** What is there to answer from, and whether any of it may be quoted here. */
export async function libraryCheck({ library }: Park): Promise<Check> {
  const { own, demo } = await library.documents.hasDocuments()
  const counts = `${own} documents of your own, ${demo} of the demo park`
  const base = { name: 'library', ok: true, code: null, message: counts, hint: null }
  if (own + demo === 0)
    return {
      ...base,
      code: 'library_empty',
      message: 'no documents yet',
      hint: 'npm run ingest -- <file or folder>, or npm run demo -- load',
    }
  const elsewhere = await library.elsewhere()
  if (elsewhere.documents === 0) return base
  return {
    ...base,
    ok: elsewhere.documents < elsewhere.of,
    code: 'other_region',
    message: `${counts}; ${elsewhere.documents} never quoted, they apply to ${elsewhere.regions.slice(0, 5).join('、')}`,
    hint: 'If that is your park, put these places into PARK_REGION, most local first.',
  }
}

const smallRoom = 500 * 2 ** 20

/** The embedded database needs room for what it writes; a server looks after its own. */
export async function diskCheck({ database, settings }: Park): Promise<Check[]> {
  const free = database.kind === 'server' ? null : await freeBytes(settings.YUANQIAO_HOME)
  if (free === null) return []
  const message = `${(free / 2 ** 30).toFixed(1)} GB free where YUANQIAO_HOME is`
  if (free >= smallRoom) return [{ name: 'disk', ok: true, code: null, message, hint: null }]
  return [
    {
      ...{ name: 'disk', ok: false, code: 'disk_low', message },
      hint: 'Free some space: with a full disk nothing can be stored, and messages are not acknowledged.',
    },
  ]
}

/** Minutes that clocks of two machines may differ without harm. */
const clocksDiffer = 10

/** Validity, promises and sign-in links follow the clock: one that runs behind what was stored already is wrong. */
export async function clockCheck({ database, settings, clock }: Park): Promise<Check[]> {
  const shown = clock().toISOString()
  const wrong = (code: string, message: string, hint: string) => [{ name: 'clock', ok: false, code, message, hint }]
  if (settings.YUANQIAO_CLOCK !== undefined)
    return [
      {
        ...{ name: 'clock', ok: true, code: 'scripted_clock', message: `YUANQIAO_CLOCK is set: it is ${shown} here` },
        hint: 'Remove it from .env: it is for tests.',
      },
    ]
  const { rows } = await database.pool.query<{ newest: Date | null }>(
    `select greatest((select max(created_at) from document), (select max(at) from message)) as newest`,
  )
  const newest = rows[0]?.newest ?? null
  if (newest !== null && newest.getTime() - clock().getTime() > clocksDiffer * 60_000)
    return wrong(
      'clock_behind',
      `this machine says ${shown}, but something was stored at ${newest.toISOString()}`,
      'Set the clock (timedatectl set-ntp true); what is in force and what was promised follow it.',
    )
  return []
}

/** Promises follow it: a holiday that cannot be read is promised as a working day. */
export function holidaysCheck({ settings }: Park): Check {
  const read = holidaysIn(settings.YUANQIAO_HOME)
  if (read !== null && read.bad.length === 0)
    return { name: 'holidays', ok: true, code: null, message: `${read.calendar.size} days differ from the week`, hint: null }
  return {
    name: 'holidays',
    ok: false,
    code: 'bad_calendar',
    message: read === null ? 'holidays.txt cannot be read' : `holidays.txt: cannot read line ${read.bad.join(', ')}`,
    hint: 'Write one day per line, as UTF-8 text: 2027-02-12 off, or 2027-02-14 work.',
  }
}

/** Searches go on without a reranker that fails, so nobody else would tell. */
export async function rerankerCheck(settings: RetrievalSettings): Promise<Check[]> {
  const reranker = rerankerOf(settings)
  if (reranker === null) return []
  const name = 'reranker'
  try {
    await reranker.rerank('ready?', ['ready', 'not ready'])
    return [{ name, ok: true, code: null, message: `${reranker.name} rates`, hint: null }]
  } catch (error) {
    const hint = error instanceof AppError ? (error.hint ?? null) : null
    return [{ name, ok: false, code: codeOf(error), message: toError(error).message, hint }]
  }
}
