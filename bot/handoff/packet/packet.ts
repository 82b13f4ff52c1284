import type { Answered } from '../../answer.ts'
import type { Reason } from '../../decide.ts'
import { masked } from '../../models/masking.ts'
import type { PastAnswer } from '../../records/answers.ts'
import type { TranscriptLine } from '../../records/messages.ts'
import { shorten } from '../../render.ts'
import { declaredFacts, type Fact } from './facts.ts'
import { matchOf } from './match.ts'

/** Something that may answer the open question, and which parts of the need it covers. */
export type Candidate = {
  readonly title: string
  readonly clause: string | null
  readonly document_id: string
  readonly passage_id: string
  readonly why: readonly string[]
  readonly missing: readonly string[]
}

/** What a broker needs to know before writing; stored with the ticket as it was at hand-off. */
export type Packet = {
  readonly summary: string
  readonly facts: readonly Fact[]
  readonly risks: readonly string[]
  readonly transcript: readonly { readonly author: TranscriptLine['author']; readonly text: string; readonly at: string }[]
  /** Titles and clauses that were cited to this person. */
  readonly cited: readonly string[]
  /** The closest passages to the open question, best first. */
  readonly candidates: readonly Candidate[]
  /** Names of the brokers it was suggested to. */
  readonly suggested: readonly string[]
}

export const emptyPacket: Packet = {
  summary: '',
  facts: [],
  risks: [],
  transcript: [],
  cited: [],
  candidates: [],
  suggested: [],
}

export type PacketParts = {
  readonly need: string
  readonly reason: Reason
  readonly lines: readonly TranscriptLine[]
  readonly past: readonly PastAnswer[]
  readonly open: Answered | null
  /** Texts of the candidates' passages, by passage id; those that are not public are absent. */
  readonly texts: ReadonlyMap<string, string>
  /** The name staff verified, or null. */
  readonly verified: string | null
  readonly suggested: readonly string[]
}

const linesKept = 20
const sourcesKept = 5

/** Pure: builds the packet from what was said and found. */
export function packetOf(parts: PacketParts): Packet {
  const { lines, past, open, need } = parts
  const said = lines.filter((line) => line.author === 'person').map((line) => line.text)
  const declared = declaredFacts(said).filter((fact) => parts.verified === null || fact.name !== '企业名称')
  const facts: Fact[] =
    parts.verified === null ? declared : [{ name: '企业名称', value: parts.verified, source: 'verified' }, ...declared]
  const cited = past.flatMap((answer) => answer.citations.map((each) => `《${each.title}》${each.clause ?? ''}`))
  return {
    summary: summaryOf(parts, said),
    facts,
    risks: risksOf(parts, facts),
    transcript: transcriptOf(lines),
    cited: [...new Set(cited)].slice(0, sourcesKept),
    candidates: (open?.evidence ?? []).slice(0, sourcesKept).map((each) => ({
      title: each.title,
      clause: each.clause,
      document_id: each.document_id,
      passage_id: each.passage_id,
      ...matchOf(need, `${each.title} ${parts.texts.get(each.passage_id) ?? ''}`),
    })),
    suggested: parts.suggested,
  }
}

/** Pure: a packet with what was said of themselves after the hand-off too: whoever waits is asked to leave how to reach them. */
export function withFactsSince(packet: Packet, lines: readonly Pick<TranscriptLine, 'author' | 'text'>[]): Packet {
  const known = new Set(packet.facts.map(({ name }) => name))
  const since = declaredFacts(lines.filter(({ author }) => author === 'person').map(({ text }) => text))
  return { ...packet, facts: [...packet.facts, ...since.filter(({ name }) => !known.has(name))] }
}

/** The last lines, as they are kept with a ticket. */
export function transcriptOf(lines: readonly Omit<TranscriptLine, 'id'>[]): Packet['transcript'] {
  return lines.slice(-linesKept).map(({ author, text, at }) => ({ author, text, at: at.toISOString() }))
}

/** By rule: what was asked, what the bot answered, and what is open now. */
function summaryOf({ need, past, open }: PacketParts, said: readonly string[]): string {
  const answered = past.filter((each) => each.decision === 'answer').map((each) => each.question)
  // Whoever asks for a person after an answer wants more than that answer, so the question counts as answered.
  const isAnswered = answered.some((each) => shorten(masked(each).text, 60) === need)
  const others = answered.filter((each) => shorten(masked(each).text, 60) !== need).map((each) => shorten(each, 30))
  const parts = [`共 ${said.length} 条留言`]
  if (others.length > 0) parts.push(`机器人已答：${[...new Set(others)].reverse().join('；')}`)
  // Asked again, after the clause has changed or was found wrong: this time there was no answer.
  const again = open === null ? '机器人答过、对方仍要人工' : '机器人以前答过、这次答不了'
  parts.push(`${isAnswered ? again : '待答'}：${need}`)
  return parts.map((part) => (/[。？！?!]$/.test(part) ? part : `${part}。`)).join('')
}

/** What to check before promising anything. */
function risksOf({ reason, open }: PacketParts, facts: readonly Fact[]): string[] {
  const risks: string[] = []
  if (open?.notInForce != null) risks.push(`《${open.notInForce.title}》已不能作为依据`)
  if (reason === 'conflicting_evidence') risks.push('几处规定说法不一致，须确认以哪一件为准')
  if (reason === 'sensitive') risks.push('涉及法律、价格、保密或出口管制，先内部确认再答复')
  if (reason === 'complaint') risks.push('投诉：按时限答复并留痕')
  if (reason === 'failed') risks.push('系统故障时转来，机器人没有查询')
  if (facts.some((fact) => fact.name === '匿名')) risks.push('对方要求匿名，不得向供方透露身份')
  if (!facts.some((fact) => fact.source === 'verified')) risks.push('企业身份未核验，不得提供非公开资料')
  return risks
}

/** @returns the need in one line, in the person's own words: the last real question, or what was said when asking for a human */
export function needOf(question: string | null, past: readonly PastAnswer[], words: string): string {
  // Many see this line before anybody has the case; personal numbers stay in the transcript.
  return shorten(masked(question ?? past[0]?.question ?? words).text, 60)
}
