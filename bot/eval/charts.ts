import { curve, type Judged } from './metrics.ts'

const size = { width: 640, height: 480, left: 64, right: 24, top: 64, bottom: 56 }
const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom }
const bins = 10

/** @returns an SVG of the share of wrong answers over the share of answerable questions answered */
export function riskCoverage(name: string, judged: readonly Judged[], threshold: number): string {
  const points = curve(judged).filter((point) => point.threshold > 0)
  const top = Math.max(0.2, Math.min(1, Math.ceil(Math.max(0, ...points.map(({ risk }) => risk)) * 10) / 10))
  const path = points
    .map(({ answerableCoverage, risk }, index) => `${index === 0 ? 'M' : 'L'}${at(answerableCoverage, risk / top)}`)
    .join(' ')
  const chosen = points.filter((point) => point.threshold >= threshold).at(-1)
  const budgets = [0.05, 0.1].map((budget) => line(at(0, budget / top), at(1, budget / top), '#999', '4 4'))
  // In the title's corner, where it is never cut off and hides nothing of the curve.
  const told =
    chosen === undefined
      ? `threshold ${threshold}: nothing answered`
      : `threshold ${threshold}: ${percent(chosen.answerableCoverage)} answered, ${percent(chosen.risk)} wrong`
  const dot = (cx: number, cy: number) => `<circle cx="${cx}" cy="${cy}" r="5" fill="#b3261e"/>`
  const mark = `${dot(size.left + 5, 40)}<text x="${size.left + 16}" y="44">${told}</text>${
    chosen === undefined ? '' : dot(x(chosen.answerableCoverage), y(chosen.risk / top))
  }`
  return chart(
    `${name}: risk–coverage`,
    'share of the answerable questions answered',
    'share of the answers that is wrong',
    top,
    `${budgets.join('')}<path d="${path}" fill="none" stroke="#0b57d0" stroke-width="2"/>${mark}`,
  )
}

/** @returns an SVG of the share of right answers over their stated confidence */
export function reliability(name: string, judged: readonly Judged[]): string {
  const bars = Array.from({ length: bins }, (_, bin) => {
    const inside = judged.filter(({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)) === bin)
    const mass = inside.reduce((sum, each) => sum + each.mass, 0)
    if (mass === 0) return ''
    const right = inside.reduce((sum, each) => sum + (each.right ? each.mass : 0), 0) / mass
    const width = inner.width / bins - 6
    return `<rect x="${x(bin / bins) + 3}" y="${y(right)}" width="${width}" height="${y(0) - y(right)}" fill="#0b57d0" fill-opacity="${0.25 + 0.75 * Math.min(1, mass * 4)}"><title>${inside.length} questions, ${percent(right)} right</title></rect>`
  })
  const diagonal = line(at(0, 0), at(1, 1), '#999', '4 4')
  return chart(`${name}: reliability`, 'confidence', 'share that was right', 1, `${bars.join('')}${diagonal}`)
}

const x = (share: number) => Math.round((size.left + share * inner.width) * 10) / 10
const y = (share: number) => Math.round((size.top + (1 - share) * inner.height) * 10) / 10
const at = (across: number, up: number) => `${x(across)} ${y(up)}`
const percent = (share: number) => `${(share * 100).toFixed(1)} %`

function line(from: string, to: string, colour: string, dashes = ''): string {
  return `<path d="M${from} L${to}" stroke="${colour}" stroke-dasharray="${dashes}" fill="none"/>`
}

function chart(title: string, across: string, up: string, top: number, body: string): string {
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
  const marks = ticks.map(
    (tick) =>
      `${line(at(tick, 0), at(tick, 1), '#eee')}<text x="${x(tick)}" y="${y(0) + 18}" text-anchor="middle">${Math.round(tick * 100)} %</text>` +
      `${line(at(0, tick), at(1, tick), '#eee')}<text x="${x(0) - 8}" y="${y(tick) + 4}" text-anchor="end">${Math.round(tick * top * 1000) / 10} %</text>`,
  )
  const middle = size.top + inner.height / 2
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" font-family="sans-serif" font-size="12" fill="#222"><rect width="100%" height="100%" fill="#fff"/><text x="${size.left}" y="26" font-size="16">${escaped(title)}</text>${marks.join('')}${line(at(0, 0), at(1, 0), '#222')}${line(at(0, 0), at(0, 1), '#222')}${body}<text x="${size.left + inner.width / 2}" y="${size.height - 14}" text-anchor="middle">${across}</text><text transform="translate(16 ${middle}) rotate(-90)" text-anchor="middle">${up}</text></svg>\n`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`)
}
