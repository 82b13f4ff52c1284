const book = async (name) => (await fetch(`/desk/page/words.${name}.json`)).json()
const [zh, en] = await Promise.all([book('zh'), book('en')])
const books = { zh, en }
const kept = 'yq_desk_language'

/** The language chosen here before, else the browser's. */
export let language = stored() ?? (navigator.languages.find((each) => /^(zh|en)/.test(each)) ?? 'zh').slice(0, 2)

function stored() {
  try {
    const value = localStorage.getItem(kept)
    return value === 'zh' || value === 'en' ? value : null
  } catch {
    return null // storage switched off: the browser's language decides
  }
}

export function switchLanguage() {
  language = language === 'zh' ? 'en' : 'zh'
  try {
    localStorage.setItem(kept, language)
  } catch {
    // it holds for this page only
  }
}

/** @returns the sentence under `key` with its `{names}` filled in; a code without words is shown as it is */
export function t(key, values = {}) {
  const sentence = books[language][key] ?? zh[key]
  if (sentence === undefined) return key.slice(key.indexOf('.') + 1)
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))
}

/** @returns whether there are words for this key */
export const has = (key) => zh[key] !== undefined

const zone = 'Asia/Shanghai'

function format(at, options) {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return ''
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: zone, ...options }).format(date)
}

/** @returns `10:32` today, `11-24 10:32` on other days, in China's time */
export function time(at) {
  const day = (of) => format(of, { year: 'numeric', month: '2-digit', day: '2-digit' })
  const clock = format(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return day(at) === day(now()) ? clock : `${format(at, { month: 'short', day: 'numeric' })} ${clock}`
}

let skew = 0
/** The park's clock decides what is late, not the visitor's. */
export function setNow(at) {
  skew = new Date(at).getTime() - Date.now()
}
export const now = () => new Date(Date.now() + skew)

/** @returns how long until (or since) `at`, in words, and how urgent that is */
export function until(at) {
  const minutes = Math.round((new Date(at).getTime() - now().getTime()) / 60_000)
  const urgency = minutes < 0 ? 'late' : minutes <= 10 ? 'soon' : 'fine'
  return { words: t(minutes < 0 ? 'time.late' : 'time.left', { span: span(Math.abs(minutes)) }), urgency }
}

/** @returns `12 分钟`, `3 小时 5 分`, `2 天` */
export function span(minutes) {
  if (minutes < 60) return t('time.minutes', { n: minutes })
  if (minutes < 48 * 60) return t('time.hours', { n: Math.floor(minutes / 60), m: minutes % 60 })
  return t('time.days', { n: Math.floor(minutes / 1440) })
}
