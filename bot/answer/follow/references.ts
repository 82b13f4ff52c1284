import { isRecord } from '../../../retrieval/evidence.ts'
import type { Citation, PastExchange } from '../../answer.ts'
import { ofEveryRule } from '../../judge/asked/subject.ts'

/** Something that was cited: a document, or one record of one. */
export type Thing = {
  readonly documentId: string
  readonly record: string | null
  /** The clause of a rule that was quoted. */
  readonly clause?: string | null
}

/** Pure: how a record calls itself, or undefined when it does not say. */
export function recordName(text: string): string | undefined {
  return /(?:成果|机构)名称[:：]\s*([^；;\n]{2,60})/.exec(text)?.[1]
}

/** Pure: what an answer cited, each thing once in order, with the name people use for it. */
export function thingsOf(citations: readonly Pick<Citation, 'kind' | 'document_id' | 'title' | 'clause' | 'quote'>[]): {
  readonly titles: string[]
  readonly things: Thing[]
} {
  const named = new Map<string, { title: string; thing: Thing }>()
  for (const { kind, document_id: documentId, title, clause, quote } of citations) {
    const record = isRecord(kind) ? clause : null
    const name = isRecord(kind) ? recordName(quote) : undefined
    const key = `${documentId} ${record ?? ''}`
    if (!named.has(key))
      named.set(key, {
        title: name ?? title,
        thing: { documentId, record, ...(record === null && clause !== null ? { clause } : {}) },
      })
  }
  return { titles: [...named.values()].map((each) => each.title), things: [...named.values()].map((each) => each.thing) }
}

const ordinals: readonly (readonly [RegExp, number])[] = [
  [/第\s*(?:一|1)\s*(?:个|项|条|种|篇|份)|前一个|前者|\bthe (?:first|former)\b/, 0],
  [/第\s*(?:二|两|2)\s*(?:个|项|种|篇|份)|后一个|后者|\bthe (?:second|latter)\b/, 1],
  [/第\s*(?:三|3)\s*(?:个|项|种|篇|份)|\bthe third\b/, 2],
]
/** 第二个项目怎么申请 is about a project, not about our list: only short questions point at the list. */
const longestChoice = 16

/** Pure: @returns which of the things we named last is meant (第二个, the latter), from 0, or null */
export function choiceOf(question: string): number | null {
  if (
    [...question.replace(/[?？。!！\s]/g, '')].length > longestChoice &&
    !/^(?:(?:and|what about|how about) )?the /i.test(question)
  )
    return null
  return ordinals.find(([pattern]) => pattern.test(question.toLowerCase()))?.[1] ?? null
}

const corrections: readonly RegExp[] = [
  /(?:不对|错了|说错了)?[，, ]*(?:我说的|我问的|我指的)?不是(?:说|指|问)?([^，,。；;]{1,20})[，,]?\s*(?:而)?(?:是|我说的是|我指的是)([^，,。；;?？!！]{1,20})/,
  /\bnot (?:the )?([\w -]{2,40}?),? (?:but|i meant|i mean) (?:the )?([\w -]{2,40})/i,
]
const meant =
  /^(?:不对|错了|说错了|更正|不好意思)?[，, ]*(?:我(?:说|指|问)的是|应该是|改成|i meant?) ?([^，,。；;?？!！]{2,30})[。!！]?$/i

const sum = /\d[\d,.]*\s*(?:万|亿)?(?:元|块)?(?![\d年月日])/g
/** 不对，是200万: replaces the sum that was named. */
const correctedSum = /^(?:不对|错了|说错了|更正|不好意思)[，, ]*(?:应该)?是?\s*(\d[\d,.]*\s*(?:万|亿)?(?:元|块)?)[。!！]?$/

/** Pure: @returns the last question with the correction applied (“不是苏州，是昆山”), or null when nothing is corrected */
export function corrected(question: string, last: PastExchange): string | null {
  for (const pattern of corrections) {
    const [, wrong, right] = pattern.exec(question.trim()) ?? []
    if (wrong === undefined || right === undefined) continue
    const [from, to] = [wrong.trim(), right.trim().replace(/[的吧啊哦呢]$/, '')]
    return last.standalone.includes(from) ? last.standalone.replaceAll(from, to) : `${to} ${last.standalone}`
  }
  const other = correctedSum.exec(question.trim())?.[1]
  const sums = last.standalone.match(sum) ?? []
  if (other !== undefined && sums.length === 1) return last.standalone.replace(sum, other)
  const only = meant.exec(question.trim())?.[1]
  return only === undefined ? null : `${only.trim()} ${last.standalone}`
}

const places =
  /第\s*[一二两三123]\s*(?:个|项|条|种|篇|份)|[前后]一个|[前后]者|\bthe (?:first|second|third|former|latter)(?: one)?\b/gi
/** A button's number, typed where a channel shows no buttons. */
const bareNumber = /^\s*(\d{1,4})\s*[.、。]?\s*$/

function namedIn(last: PastExchange): readonly string[] {
  return last.options.length > 0 ? last.options : last.titles
}

/** Pure: whether a message only names a place on a list (那第二个呢, 3) that our last words do not have. */
export function pointsNowhere(question: string, last: PastExchange | undefined): boolean {
  const number = bareNumber.exec(question)?.[1]
  if (number !== undefined) return last?.options[Number(number) - 1] === undefined
  const index = choiceOf(question)
  const rest = question.replace(places, '').replace(/what about|how about|and|那么?|是|什么|怎么样|[的呢吧吗\s\p{P}]/giu, '')
  return index !== null && rest === '' && (last === undefined || namedIn(last)[index] === undefined)
}

/** Pure: @returns the question with the thing it points at by its place in our last words, or null */
export function pointedAt(question: string, last: PastExchange): string | null {
  const number = last.options.length > 0 ? bareNumber.exec(question)?.[1] : undefined
  if (number !== undefined && last.options[Number(number) - 1] !== undefined)
    return `《${last.options[Number(number) - 1]}》${last.standalone}`
  const index = choiceOf(question)
  const title = index === null ? undefined : namedIn(last)[index]
  if (title === undefined) return null
  const rest = question.replace(places, '').replace(/^[的呢吧，,：:\s]+|[呢吧\s]+$/g, '')
  return rest === '' || /^[?？。]+$/.test(rest) ? `《${title}》${last.standalone}` : `《${title}》${rest}`
}

/** Longer words say themselves what they ask; in characters. */
const longestTopic = 12
const asksItself =
  /多少|什么|怎么|如何|哪|几[个天年月]|吗|呢|谁|多久|能不能|可以|不对|不是|没有|谢|好的|\b(?:what|how|when|where|who|yes|no)\b/i

/** Names no matter of its own: 奖励多少, 材料, 什么时候申报. */
export function namesNothing(topic: string): boolean {
  const rest = topic.replace(ofEveryRule, '').replace(/奖励?|补[贴助]?|资助|支持|政策|地址|[\s\p{P}]/gu, '')
  return [...rest].length < 2
}

/**
 * Pure: the question we asked back about, made definite by a reply that only names a topic (补贴 → “您想了解的是哪一项？” → 创新券的); null when the
 * reply is something else. What one of our options says in other words is that option; under a single one the reply is the question.
 */
export function specified(reply: string, last: PastExchange): string | null {
  const topic = reply.trim().replace(/^(?:我?(?:想问|问|要|是)(?:的是)?)|[的吧啊哦。！!]+$/g, '')
  const [only, ...others] = last.options
  if (only === undefined || topic === '') return null
  if (others.length === 0) return namesNothing(topic) ? `《${only}》${topic}` : null
  if ([...topic].length > Math.max(longestTopic, ...last.options.map((each) => each.length)) || asksItself.test(topic))
    return null
  const own = last.options.filter((each) => each.includes(topic))
  if (own.length === 1) return `《${own[0]}》${last.standalone}`
  return namesNothing(topic) || last.standalone.includes(topic) ? null : `${topic}${last.standalone}`
}
