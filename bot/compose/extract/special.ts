import { normalize } from '../../../retrieval/text/normalize.ts'
import { termSet } from '../../judge/features/view.ts'

/** The special case that a sentence is limited to: “跨省购买服务的，…”, “生物医药领域的中试基地，…”. */
const qualified =
  /^(?:第[一二三四五六七八九十百\d]+条\s*)?(?:[(（][一二三四五六七八九十\d]+[)）]\s*)?(?:对|属于|其中)?([^,，。;；:：]{2,24}?)(?:的(?=[,，])|(?:领域|行业|产业|地区|类别|类型)的(?=\p{Script=Han}{2,12}[,，]))/u
/** Conditions that every rule has. */
const usual =
  /认定|评定|评审|备案|注册|登记|符合|满足|经|通过|获得|取得|获批|条件|上述|相关|有关|所有|各类|本市|本区|园区|依法|新|首次|同一|单个/

/** Pure: whether the sentence that a quotation comes from begins with a special case that the question does not mention. */
export function isSpecialCase(quote: string, text: string, question: string): boolean {
  const [, about = ''] = qualified.exec(sentenceAt(text, text.indexOf(quote))) ?? []
  if (about === '' || usual.test(about)) return false
  const asked = termSet(normalize(question))
  return ![...termSet(about)].some((term) => [...term].length > 1 && asked.has(term))
}

function sentenceAt(text: string, at: number): string {
  const before = Math.max(...[...'。；;\n'].map((stop) => text.lastIndexOf(stop, at - 1)))
  return (at <= 0 ? text : text.slice(before + 1)).trim()
}
