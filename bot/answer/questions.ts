import { z } from 'zod'
import type { Language } from '../../prompts/load.ts'
import { errorFields, type Log } from '../../retrieval/base/log.ts'
import { normalize } from '../../retrieval/text/normalize.ts'
import { jsonIn } from '../compose/sufficiency.ts'
import type { Clerk } from '../models/clerk.ts'
import type { Spans } from '../observe/spans.ts'

/** The questions of a message; `human` when it wants a person or makes a complaint, `demand` when it states a need. */
export type Asked = readonly string[] | 'human' | 'demand'

export type AskQuestions = (text: string, of: { readonly language: Language; readonly person: string }) => Promise<Asked>

/** Shorter messages say one thing; no model is asked about them. */
const shortestUnclear = 36

/** Splits a message into questions: by rule, and where the rule sees one long text, by a model, whose words must be the message's own. */
export function questionsAsked({ clerk, spans, log }: { clerk: Clerk | null; spans: Spans; log: Log }): AskQuestions {
  return async (text, { language, person }) => {
    const byRule = questionsOf(text)
    if (clerk === null || byRule.length > 1 || [...text].length < shortestUnclear) return byRule
    const account = { person, calls: [], span: spans.begin('questions', {}) }
    try {
      const { text: written } = await clerk.ask('questions', { language, account, data: { message: text } })
      return intended(written, text) ?? byRule
    } catch (error) {
      log('model_gave_nothing', errorFields(error))
      return byRule
    } finally {
      account.span.end()
    }
  }
}

const answer = z.object({ intent: z.string(), questions: z.array(z.string()).default([]) })
const leastOwn = 0.8

/** Pure: the usable part of a model's reading of a message: a wish that is safe to grant, or questions in the message's own words. */
export function intended(written: string, message: string): Asked | null {
  const said = answer.safeParse(jsonIn(written))
  if (!said.success) return null
  if (said.data.intent === 'demand') return 'demand'
  if (['human', 'complaint'].includes(said.data.intent)) return 'human'
  const questions = said.data.questions.map((each) => each.trim()).filter((each) => each !== '')
  const good =
    questions.length > 0 && questions.length <= mostQuestions && questions.every((each) => own(each, message) >= leastOwn)
  return good ? questions : null
}

/** Share of a question's characters that the message has too; digits and Latin letters must all be there. */
function own(question: string, message: string): number {
  const source = normalize(message)
  const characters = [...normalize(question).replace(/[\s\p{P}]/gu, '')]
  if (characters.some((each) => /[\da-z]/.test(each) && !source.includes(each))) return 0
  return characters.filter((each) => source.includes(each)).length / Math.max(1, characters.length)
}

/** With more questions a message is a text, not a list, and is read as one. 微信客服 allows as many answers to one message. */
const mostQuestions = 4
const shortestQuestion = 5

/** 想问两个问题： announces a question without asking one. */
const announces =
  /^(?:我们?)?(?:想|要)?(?:请)?(?:问|咨询|请教|了解)(?:一?下|您|你)?(?:以下|下面|这)?(?:[一二两三四五几\d]\s*)?(?:个|件|点)?(?:问题|事情?)?\s*[:：]\s*/
const greets = /^(?:你好|您好|哈喽|hello|hi)[，,。.!！\s]+(?=\S)/i
const asks =
  /多少|几[个年月天次名件]|什么|怎么|如何|哪[些里个儿]|能不能|能否|可不可以|是否|有没有|多久|吗$|呢$|(\p{Script=Han})[不没]\1|\b(?:how|what|when|where|which|who|can|is|are|do|does)\b/iu

const shortestAbout = 3
const aspect = /多少|几[个年月天次名件]|什么|啥|怎么|咋|如何|哪[些里个儿]|谁|多久|吗$/
const oneMore = /^(?:再|还|另外|顺便|然后|以及)/

/**
 * Pure: the questions of a message, answered one by one. Conservative: only sentences with a question mark, lines of a list, or lines that
 * each ask something.
 */
export function questionsOf(text: string): string[] {
  const whole = text.trim().replace(greets, '').replace(announces, '')
  const marked = whole
    .split(/(?<=[?？])\s*/)
    .map(tidy)
    .filter((each) => each !== '')
  // The last one often lacks its mark: 再问下孵化器租金
  const isAsked = (each: string, index: number) => /[?？]$/.test(each) || (index === marked.length - 1 && oneMore.test(each))
  const allAsk = marked.length > 1 && marked.every((each, index) => isAsked(each, index) && [...each].length >= shortestQuestion)
  if (allAsk && marked.length <= mostQuestions) return marked
  const lines = whole
    .split('\n')
    .map(tidy)
    .filter((each) => each !== '')
  const numbered = whole.split('\n').filter((each) => /^\s*(?:\d{1,2}[.、)）]|[一二三四五][、.])/.test(each)).length
  const isList = numbered > 1 || (lines.length > 1 && lines.every((each) => asks.test(each)))
  if (isList && lines.length <= mostQuestions && lines.every((each) => [...each].length >= shortestQuestion))
    return lines.map((each) => each.replace(byTheWay, ''))
  return numberedIn(whole) ?? topicsOf(whole) ?? aspectsOf(whole) ?? [whole.replace(/\s*\n\s*/g, ' ')]
}

const byTheWay = /^(?:顺便|另外|再|还)(?:想|请)?(?:问|咨询)(?:一?下)?[，,]?(?=\S{3})/
/** 1、租金怎么收 2、停车费免不免: a list written on one line. */
function numberedIn(whole: string): string[] | null {
  const marks = [...whole.matchAll(/(?:^|[\s，,；;。])(?:([1-4])[、.．)）](?!\d)|[(（]([1-4])[)）])/g)].map(
    (match) => match[1] ?? match[2],
  )
  if (marks.length < 2 || marks.some((each, index) => each !== String(index + 1))) return null
  const parts = whole
    .split(/(?:^|[\s，,；;。])(?:[1-4][、.．)）](?!\d)|[(（][1-4][)）])/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
  return parts.length === marks.length && parts.every((each) => asks.test(each.replace(/[?？。]$/, ''))) ? parts : null
}

const another =
  /[；;。，,\n]\s*(?:还有(?:就是)?|另外|此外|再有|再就是|顺便(?:问一?下|问问)?|对了|第二|第三|其次)[，,、:：]?\s*|\s*[；;]\s*/
const wishes = /能不能|能否|可不可以|可以.{0,10}吗|想(?:了解|咨询|问)|有没有|是不是/

/** 技术合同怎么登记；还有租金能不能减免；另外招博士有没有补贴: each part asks by itself and names its subject. */
function topicsOf(whole: string): string[] | null {
  const parts = whole
    .split(another)
    .map((each) => tidy(each.replace(/^[，,。；;\s]+|[，,。；;\s]+$/g, '')))
    .filter((each) => each !== '')
  const each = (part: string) =>
    [...part].length > shortestQuestion && (asks.test(part.replace(/[?？]$/, '')) || wishes.test(part))
  return parts.length > 1 && parts.length <= mostQuestions && parts.every(each) ? parts : null
}

const longestAspect = 10
/** 技术合同登记，奖多少，什么时候报，找谁: one subject and several questions about it. */
function aspectsOf(whole: string): string[] | null {
  const [about = '', ...aspects] = whole.replace(/[?？。！!]+$/, '').split(/\s*[，,、；;]\s*/)
  const isSubject = [...about].length >= shortestAbout && !asks.test(about) && !/^(?:你好|您好|请问|我们?|本公司)/.test(about)
  const areAspects =
    aspects.length > 1 &&
    aspects.length < mostQuestions &&
    aspects.every((each) => aspect.test(each) && [...each].length <= longestAspect)
  return isSubject && areAspects ? aspects.map((each) => `${about}${each}`) : null
}

function tidy(text: string): string {
  return text.replace(/^\s*(?:\d{1,2}[.、)）]|[一二三四五][、.])\s*/, '').trim()
}
