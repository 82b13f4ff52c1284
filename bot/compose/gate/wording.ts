/** Approval is for the authority to give; talk about the words themselves (prompts, rules) and markup is not for people. */
const promises =
  /一定(?:能|会|可以?|获|拿|通过)|肯定(?:能|会|可以?|获|拿|通过)|绝对(?:能|会|可以?)|保证(?:能|会|可以?|您|贵|让|获|通过|拿)|确保(?:您|贵|能|可以?|通过|获)|必然(?:能|会|获)|必定|百分之百|100\s*%\s*(?:通过|成功|获批)|包过|包拿|稳拿|可以拿到|(?:您|你|贵公司)(?:能|会|可)拿到|没有问题|没问题|放心(?:申请|申报)|通过率|具有法律效力|免审核|直接拨款|\b(?:guarantee[ds]?|definitely|certainly|surely|rest assured|without fail|will be approved|will receive|are entitled to|100\s*% (?:sure|certain)|legally binding|we promise)\b/i
const forbidden =
  /<[a-z/!][^>]*>?|!\[|\]\(|\]:|NOT_FOUND|\|\s*-{2,}|```|\$\{|system prompt|as an ai|作为(?:一个)?(?:ai|人工智能|语言模型)|提示词|ignore (?:the |all )?(?:previous|above)|忽略(?:以上|之前|前面)|^\s*(?:assistant|system|user|系统|助手)\s*[:：]|^\s*[\p{Script=Han}]{1,4}(?:工|经纪人|主任|老师)\s*[:：]|you are a (?:clerk|helpful)/iu

/** Pure: @returns why the wording of a sentence cannot be shown, or null */
export function wordingWrong(words: string, language: 'zh' | 'en'): 'promise' | 'forbidden' | 'wrong_language' | null {
  const plain = words.normalize('NFKC').replace(/[\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]/gu, '')
  if (promises.test(plain)) return 'promise'
  if (forbidden.test(words) || forbidden.test(plain)) return 'forbidden'
  const han = plain.match(/\p{Script=Han}/gu)?.length ?? 0
  const latin = plain.match(/\p{Script=Latin}+/gu)?.length ?? 0
  if (language === 'zh') return han === 0 || latin > han ? 'wrong_language' : null
  // An English sentence may hold names as the document writes them.
  return latin === 0 || han > plain.length / 2 ? 'wrong_language' : null
}
