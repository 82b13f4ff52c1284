/** What identifies a person is masked before a model sees it: it is not needed to phrase a rule. */
export type Masked = {
  readonly text: string
  /** @returns the text with the marks replaced by the original values */
  unmask(text: string): string
}

const kinds: readonly (readonly [string, RegExp])[] = [
  ['证件号', /(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)/g],
  ['证件号', /(?<![A-Z\d])[1-9A-GY][1-9]\d{6}[\dA-HJ-NPQRTUWXY]{9}[\dA-HJ-NPQRTUWXY](?![A-Z\d])/g],
  ['卡号', /(?<!\d)(?:\d[ -]?){15,18}\d(?!\d)/g],
  ['手机号', /(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)/g],
  ['电话', /(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)/g],
  ['邮箱', /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
]

/** Pure: telephone, identity, company and card numbers and e-mail addresses → marks that name their kind. */
export function masked(text: string): Masked {
  const hidden = new Map<string, string>()
  let safe = text.normalize('NFKC') === text ? text : withPlainDigits(text)
  for (const [kind, pattern] of kinds) {
    safe = safe.replace(pattern, (whole) => {
      const mark = `〔${kind}${hidden.size + 1}〕`
      hidden.set(mark, whole)
      return mark
    })
  }
  return { text: safe, unmask: (marked) => [...hidden].reduce((out, [mark, whole]) => out.replaceAll(mark, whole), marked) }
}

/** １３８… is a telephone number too. */
function withPlainDigits(text: string): string {
  return text.replace(/[０-９＋－＠．]/g, (each) => each.normalize('NFKC'))
}
