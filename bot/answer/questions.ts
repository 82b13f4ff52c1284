/** More questions than this in one message are a text, not a list: it is read as one. */
const mostQuestions = 3
const shortestQuestion = 5

/** Pure: several questions in one message, answered one by one. Conservative: only what ends with a question mark, or lines of a list. */
export function questionsOf(text: string): string[] {
  const whole = text.trim()
  const marked = whole
    .split(/(?<=[?？])\s*/)
    .map(tidy)
    .filter((each) => each !== '')
  const allAsk = marked.length > 1 && marked.every((each) => /[?？]$/.test(each) && [...each].length >= shortestQuestion)
  if (allAsk && marked.length <= mostQuestions) return marked
  const lines = whole
    .split('\n')
    .map(tidy)
    .filter((each) => each !== '')
  const numbered = whole.split('\n').filter((each) => /^\s*(?:\d{1,2}[.、)）]|[一二三四五][、.])/.test(each)).length
  if (numbered > 1 && lines.length <= mostQuestions && lines.every((each) => [...each].length >= shortestQuestion)) return lines
  return [whole.replace(/\s*\n\s*/g, ' ')]
}

function tidy(text: string): string {
  return text.replace(/^\s*(?:\d{1,2}[.、)）]|[一二三四五][、.])\s*/, '').trim()
}
