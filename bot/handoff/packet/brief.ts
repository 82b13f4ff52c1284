import type { Texts } from '../../../prompts/load.ts'
import type { Block, Button, Outgoing } from '../../channels/outgoing.ts'
import type { Reason } from '../../decide.ts'
import { sayTime } from '../duty/duty.ts'
import type { Promised } from '../duty/promises.ts'
import type { Packet } from './packet.ts'

export type Brief = {
  readonly number: string
  readonly need: string
  readonly reason: Reason
  readonly priority: number
  readonly who: string
  readonly chat: string
  readonly language: string
  readonly packet: Packet
  readonly promise: Promised | null
}

/** Pure: the packet as brokers read it, always in the park's own language. `how`: the actions available where it is read. */
export function renderBrief(
  brief: Brief,
  desk: Texts,
  { how, buttons }: { readonly how: string; readonly buttons?: readonly (readonly Button[])[] },
): Outgoing {
  const { packet, promise } = brief
  const head = desk('desk_packet', {
    number: brief.number,
    need: brief.need,
    reason: desk(`reason_${brief.reason}`),
    priority: desk(`priority_${brief.priority}`),
    who: brief.who,
    chat: brief.chat,
    language: brief.language,
    promise: promise === null ? desk('none_promised') : sayTime(promise.by, 'zh'),
    follow_up: promise === null ? desk('none_promised') : sayTime(promise.followUp, 'zh'),
    suggested: packet.suggested.slice(0, 3).join('、') || desk('nobody'),
  })
  return {
    kind: 'text',
    blocks: [
      ...head.split('\n').map((line): Block => ({ type: 'paragraph', spans: [line] })),
      { type: 'paragraph', spans: [packet.summary] },
      ...section(
        desk('desk_facts'),
        packet.facts.map((fact) => `${fact.name}：${fact.value}（${desk(`source_${fact.source}`)}）`),
      ),
      ...section(
        desk('desk_transcript'),
        packet.transcript.map((line) => `${marks[line.author]} ${line.text.replaceAll('\n', ' ')}`),
      ),
      ...section(desk('desk_cited'), packet.cited),
      ...section(
        desk('desk_candidates'),
        packet.candidates.map((each) => candidateLine(each, desk)),
      ),
      ...section(desk('desk_risks'), packet.risks),
      { type: 'small', spans: [how] },
    ],
    ...(buttons === undefined ? {} : { buttons }),
  }
}

function candidateLine({ title, clause, why, missing }: Packet['candidates'][number], desk: Texts): string {
  const reasons = why.map((each) => `${each}✓`).join(' ')
  const open = missing.length === 0 ? '' : desk('desk_missing', { what: missing.join('、') })
  const beside = [reasons, open].filter(Boolean).join('；')
  return `《${title}》${clause ?? ''}${beside === '' ? '' : `（${beside}）`}`
}

const marks = { person: '企业：', bot: '机器人：', broker: '人工：', note: '备注：' }

function section(title: string, lines: readonly string[]): Block[] {
  if (lines.length === 0) return []
  return [{ type: 'paragraph', spans: [{ bold: title }] }, ...lines.map((line): Block => ({ type: 'list_item', spans: [line] }))]
}
