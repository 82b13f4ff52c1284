import type { Pool, PoolClient } from 'pg'
import { type Clock, dayInChina } from '../../base/clock.ts'
import { AppError } from '../../base/errors.ts'
import { silentLog } from '../../base/log.ts'
import type { Replaced } from '../document.ts'
import { readSummaries } from '../document-rows.ts'
import { markPassageWrong } from '../passages.ts'
import { inLibraryLock } from '../transaction.ts'
import { recordAction } from './actions.ts'
import { editDocument } from './edit.ts'
import { notWaiting, publish, withdraw } from './live.ts'
import { dropPictures, readPicture } from './pictures.ts'
import type { Actor, Reviews } from './review.ts'
import { readItems, readPage } from './review-pages.ts'
import { type Upkeep, upkeepOf } from './upkeep.ts'

type Needs = { readonly clock: Clock; readonly twoPerson: boolean; readonly upkeep?: Upkeep }

/** @param needs.twoPerson REVIEW=two_person: whoever uploaded a document cannot approve it */
export function reviewStore(pool: Pool, { clock, twoPerson, upkeep = upkeepOf(pool, silentLog) }: Needs): Reviews {
  const today = () => dayInChina(clock())
  const write = <T>(work: (client: PoolClient) => Promise<T>) => inLibraryLock(pool, work)
  const page = (documentId: string) => readPage(pool, documentId, today())
  return {
    list: (which = 'waiting') => readItems(pool, which, today()),
    show: page,
    picture: (documentId, number) => readPicture(pool, documentId, number),
    async edit(documentId, changes, by) {
      await write((client) => editDocument(client, documentId, changes, by, today()))
      const shown = await page(documentId)
      if (shown === null) throw notWaiting(documentId)
      return shown
    },
    async approve(documentId, by) {
      const approved = await write((client) => approve(client, documentId, by, twoPerson, today()))
      if (approved.outcome !== 'unchanged') await upkeep.grown()
      return approved
    },
    reject: (documentId, by) =>
      write(async (client) => {
        const { rowCount } = await client.query(
          `update document set state = 'rejected', reviewed_by = $2, reviewed_at = park_now() where id = $1 and state = 'waiting'`,
          [documentId, by],
        )
        if (rowCount === 0) throw notWaiting(documentId)
        await recordAction(client, { document: documentId, actor: by, action: 'rejected' })
        await dropPictures(client)
      }),
    withdraw: (documentId, by) =>
      write(async (client) => {
        if (!(await withdraw(client, documentId, today()))) throw notLive(documentId)
        await recordAction(client, { document: documentId, actor: by, action: 'withdrawn' })
      }),
    markWrong: (passageId, wrong, by) =>
      write(async (client) => {
        const documentId = await markPassageWrong(client, passageId, wrong)
        if (documentId === null) throw new AppError('no_such_passage', `There is no passage ${passageId}`)
        await recordAction(client, {
          document: documentId,
          actor: by,
          action: wrong ? 'clause_wrong' : 'clause_right',
          field: passageId,
        })
      }),
  }
}

/** The two-person rule is part of the statement that approves, so no caller can forget it. */
async function approve(client: PoolClient, documentId: string, by: Actor, twoPerson: boolean, today: string): Promise<Replaced> {
  const { rows } = await client.query<{ state: string; uploadedBy: string | null; mine: boolean }>(
    `update document set reviewed_by = $2, reviewed_at = park_now(),
            fields = (select coalesce(jsonb_object_agg(key, case when jsonb_typeof(value) = 'object' and value ? 'value' then value || '{"confirmed": true}' else value end), '{}')
                        from jsonb_each(fields))
      where id = $1 and state in ('live', 'waiting') and not ($3 and coalesce(uploaded_by, $2) = $2)
     returning state`,
    [documentId, by, twoPerson],
  )
  const state = rows[0]?.state
  if (state === undefined) throw await whyNot(client, documentId)
  await recordAction(client, { document: documentId, actor: by, action: 'approved' })
  if (state === 'waiting') {
    const published = await publish(client, documentId, today)
    await dropPictures(client)
    return published
  }
  const [summary] = await readSummaries(client, 'd.id = $1', [documentId], today)
  return { documentId, outcome: 'unchanged', passages: summary?.passages ?? 0, demoRetired: false, ended: [] }
}

async function whyNot(client: PoolClient, documentId: string): Promise<AppError> {
  const { rowCount } = await client.query(`select from document where id = $1 and state in ('live', 'waiting')`, [documentId])
  if (rowCount === 0) return notWaiting(documentId)
  return new AppError('two_person', 'Whoever uploaded a document cannot approve it', {
    hint: 'Ask a second person; a document whose uploader is not known has to be ingested again.',
  })
}

function notLive(documentId: string): AppError {
  return new AppError('not_live', `Document ${documentId} is not live`, {
    hint: 'It was withdrawn, replaced or never published; npm run review -- show ID tells its state.',
  })
}
