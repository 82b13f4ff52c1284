/**
 * Pure: a day a question asks about explicitly (“按2024年3月的规定”, “as of 2024-03-01”), and the question without it. A year that is merely
 * named (2025年度奖励) is part of the question and stays.
 * @param today `YYYY-MM-DD`; a partial date means its last day, but never one in the future
 */
export function asOfIn(said: string, today: string): { readonly asOf: string | null; readonly rest: string } {
  const question = said.replace(relative, (word) => `${Number(today.slice(0, 4)) - (ago[word] ?? 0)}年`)
  for (const pattern of patterns) {
    const match = pattern.exec(question)
    const [whole, year, month, day] = match ?? []
    if (whole === undefined || year === undefined) continue
    const asOf = lastDay(Number(year), month === undefined ? null : Number(month), day === undefined ? null : Number(day))
    if (asOf === null || asOf >= today) continue
    const rest = question
      .replace(whole, '')
      .replace(/^[的，,、\s]+/, '')
      .trim()
    return rest === '' ? { asOf: null, rest: said } : { asOf, rest }
  }
  return { asOf: null, rest: said }
}

const ago: Readonly<Record<string, number>> = { 去年: 1, 前年: 2, 大前年: 3 }
/** Not within 目前年度. */
const relative = /去年|大?(?<![目之以此日])前年/g

const date = '((?:19|20)\\d{2})\\s*(?:年|[-/.])?\\s*(?:(\\d{1,2})\\s*(?:月|[-/.])?\\s*(?:(\\d{1,2})\\s*[日号]?)?)?'
const patterns: readonly RegExp[] = [
  new RegExp(
    `(?:按照?|依照?|根据|参照)\\s*${date}\\s*(?:那时|当时|时)?(?:候)?的?(?:老|旧|原来?的?)?(?:规定|办法|政策|标准|口径|文件)(?:来?[说看算])?[，,]?`,
  ),
  new RegExp(`(?:在|截至|截止到?|到)\\s*${date}\\s*(?:底|末)?(?:那时候?|当时|的?时候|为止|时|前后)[，,]?`),
  new RegExp(`^\\s*${date}\\s*(?:底|末)?(?:那时候?|当时|的时候)[，,]?`),
  new RegExp(`\\bas (?:of|at) ${date}[,]?`, 'i'),
]

function lastDay(year: number, month: number | null, day: number | null): string | null {
  if (month !== null && (month < 1 || month > 12)) return null
  const at = new Date(Date.UTC(year, month ?? 12, day === null ? 0 : 1))
  if (day !== null) at.setUTCFullYear(year, (month ?? 12) - 1, day)
  return Number.isNaN(at.getTime()) ? null : at.toISOString().slice(0, 10)
}
