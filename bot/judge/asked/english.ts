import { normalize } from '../../../retrieval/text/normalize.ts'
import { asksWhether } from './whether.ts'

/** Words that name nothing of their own: who asks, what may be, and what every rule speaks of. */
export const lightInEnglish: ReadonlySet<string> = new Set(
  (
    'the and are for and with from that this these those you your our ours their they them its who there here any some all also still get gets have has had having will would can could may might shall should must does did done ' +
    'about into onto than then too very just only even ever make makes made use uses used using need needs needed want wants like help please company companies enterprise enterprises business firm firms startup startups ' +
    'apply applies applied applying qualify qualifies eligible receive receives entitled obtain give given offer offers offered provide provides provided available allowed allow possible yes not one two more ' +
    'per same other others another such each every both website site user users information data what which when where why how much many long often take takes happen happens maximum minimum max min number deadline ' +
    'rate amount share percentage percent before after without year years month months day days application applications phone contact email documents document require required whom was were cost costs kind kinds ' +
    'support submit send file leave pay paid back total highest full public financial government'
  ).split(' '),
)
const aboutMoney = /how much|subsid|grant|allowance|reward|bonus|\b(?:rent|fees?|prices?|costs?|salar(?:y|ies)|funding)\b/
const fewWords = 5

/**
 * Pure: whether an English question of “whether” or about money names something that begins no word of an English clause (tax free, for factories, in
 * Shanghai). Of a long question only the last word counts: it first describes a case in its own words.
 * @param about title and heading
 */
export function englishAbsent(question: string, about: string, text: string): boolean {
  const asked = normalize(question)
  if (/\p{Script=Han}/u.test(`${asked}${text}`)) return false
  const words = (asked.replace(/\([^)]*\)/g, ' ').match(/[a-z][a-z&'-]{2,}/g) ?? []).filter((word) => !lightInEnglish.has(word))
  const said = normalize(`${about} ${text}`)
  const absent = (word: string) => !said.includes(word.slice(0, Math.max(3, Math.min(6, word.length - 2))))
  if (!asksWhether(question) && !aboutMoney.test(asked)) return false
  return (words.length > fewWords ? words.slice(-1) : words).some(absent)
}
