import { normalize } from '../../retrieval/text/normalize.ts'

/** Which attribute of a matter is asked for: the usual fields of a service guide or a policy. */
export type Attribute = {
  readonly name: string
  /** A narrower sense both sides must share (`legal` time limit, `complaint` telephone); null when none is meant. */
  readonly sense: string | null
}

type Kind = { readonly name: string; readonly asked: RegExp; readonly label: RegExp }

/** In order: the first that a question asks for is taken. Labels stand before a colon or in a heading. */
const kinds: readonly Kind[] = [
  {
    name: 'phone',
    asked: /电话|热线|联系方式|打哪个|号码是|phone|hotline|contact number/,
    label: /电话|热线|联系方式|phone|tel\b/,
  },
  {
    name: 'materials',
    asked:
      /(?:什么|哪些|啥|何种)(?:申请|申报|证明)?(?:材料|资料|证件|手续|文件)|材料(?:有|是|清单)|(?:准备|提交|带|提供|递交)(?:什么|哪些|啥)|申[请报]材料|which documents|what documents/,
    label: /材料|资料|证件|文件清单|清单|documents/,
  },
  {
    name: 'conditions',
    asked:
      /什么(?:样的)?(?:条件|资格|情况下?可以)|哪些(?:条件|资格)|条件(?:是|有)|(?:申请|申报|受理|认定|准入)(?:的)?(?:条件|资格)|(?:能不能|可不可以|能否|可否|是否可以)(?:申请|申报|办理|报名)|eligib|qualif|conditions? (?:for|must)/,
    label: /条件|资格|要求|标准|eligib|condition|requirement/,
  },
  {
    name: 'target',
    asked:
      /(?:面向|针对|适用于?|服务)(?:的)?(?:哪些|什么|谁|的?对象)|对象(?:是|有|包括)|适用范围|哪些(?:人|企业|单位|机构|对象)(?:可以|能|可)(?:申请|申报|办理|享受)|who can apply/,
    label: /对象|适用|范围|主体|申请人|applicant|scope/,
  },
  {
    name: 'time_limit',
    asked:
      /(?:几|多少)(?:个)?(?:工作日|天|日).{0,6}(?:办|结|完)|需要(?:几|多少)个?(?:工作日|天)|(?:多久|多长时间|几天).{0,4}(?:办|出|审|批|拿|答复|完)|(?:办|审|批|最长要?|需要?|要).{0,12}(?:多久|多长时间)|(?:办结|办理|审批|受理|审核)(?:的)?(?:时限|期限|时间)|how long does it take/,
    label: /时限|期限|工作日|办理时间|周期|time limit|processing time/,
  },
  {
    name: 'place',
    asked:
      /(?:什么地方|哪里|哪儿|何处|在哪).{0,4}(?:办|申|提交|受理|领)|(?:办|申请|受理|提交|领取).{0,14}(?:在哪|哪里|哪儿|什么地方|何处)|(?:窗口|地点|地址)(?:在哪|是|在)|where (?:can|do|to|should)/,
    label: /地点|地址|窗口|场所|地方|address|location/,
  },
  {
    name: 'platform',
    asked:
      /(?:哪个|什么|哪些)(?:网上|线上|在线)?(?:平台|系统|网站|网址|渠道|小程序)|网址|网上.{0,6}(?:哪|怎么|如何)|which (?:website|platform|system)/,
    label: /平台|系统|网站|网址|渠道|入口|方式|website|platform/,
  },
  {
    name: 'fee',
    asked: /(?:收费|收多少钱|费用|手续费|工本费)(?:标准|是|多少|吗)?|免费吗|要(?:交)?多少钱|what fee|how much does it cost/,
    label: /收费|费用|价格|费\b|fee|charge/,
  },
  {
    name: 'agency',
    asked:
      /(?:哪个|什么|哪些|由哪个?|归哪个?)(?:部门|单位|机关|机构)(?:负责|管|受理|办理|实施|审批|主管)?|谁(?:负责|主管|受理|审批)|which (?:agency|department|authority)/,
    label: /机关|部门|单位|机构|负责|牵头|agency|authority|department/,
  },
  {
    name: 'procedure',
    asked:
      /流程|步骤|(?:办理|申请|申报)程序|怎么(?:办理|申请|申报)|如何(?:办理|申请|申报)|how (?:to|do i|can i) (?:apply|register)/,
    label: /流程|程序|步骤|方式|办法|途径|procedure|steps|how to/,
  },
  {
    name: 'basis',
    asked: /(?:什么|哪些|哪部)(?:法律|法规|依据|规定)|(?:法律|政策|设定)依据|legal basis/,
    label: /依据|根据|basis/,
  },
  { name: 'validity', asked: /有效期|有效(?:多久|几年|到)|valid (?:for|until)/, label: /有效期|有效|valid/ },
]

/** Senses that tell two fields of one kind apart. A question without one may be answered by any; see {@link matches}. */
const senses: readonly (readonly [string, string, RegExp])[] = [
  ['phone', 'complaint', /投诉|监督|举报|不满|complain/],
  ['phone', 'enquiry', /咨询|enquir|inquir/],
  ['time_limit', 'legal', /法定|法律规定|依法|statutory/],
  ['time_limit', 'promised', /承诺|promised/],
]

/** @returns the attribute a question asks for, or null when its words do not tell */
export function askedAttribute(question: string): Attribute | null {
  const plain = normalize(question)
  const kind = kinds.find(({ asked }) => asked.test(plain))
  return kind === undefined ? null : { name: kind.name, sense: senseOf(kind.name, plain) }
}

/** @returns whether a label or heading (`咨询电话`, `二、申报条件`) names what was asked */
export function matches(attribute: Attribute, label: string): boolean {
  const plain = normalize(label)
  if (kinds.find(({ name }) => name === attribute.name)?.label.test(plain) !== true) return false
  const own = senseOf(attribute.name, plain)
  if (attribute.sense === null) return own === null || !strict.has(own)
  return own === null || own === attribute.sense
}

/** Senses that must be named to be meant: a question for the telephone wants the ordinary one. */
const strict: ReadonlySet<string> = new Set(['complaint', 'legal'])

function senseOf(name: string, plain: string): string | null {
  return senses.find(([kind, , pattern]) => kind === name && pattern.test(plain))?.[1] ?? null
}

/** @returns whether a running text states the narrower sense that was asked for: an enquiry line is none for complaints */
export function saysSense({ name, sense }: Attribute, text: string): boolean {
  const pattern = senses.find(([kind, own]) => kind === name && own === sense)?.[2]
  return pattern === undefined || pattern.test(normalize(text))
}

const labelled = /(?:^|\n)\s*([^\n:：。；;，,]{2,14})[:：][ \t]*(?=\S)/g
const leastLabels = 4

/**
 * The labels of a passage that is a form (`实施机关：…` line by line); empty for running text. A form states what it knows field by field, so a
 * field without a line is not known.
 */
export function formLabels(text: string): string[] {
  const found = [...text.matchAll(labelled)].map((match) => (match[1] ?? '').trim())
  const lines = text.split('\n').filter((line) => line.trim() !== '').length
  return found.length >= leastLabels && found.length >= lines / 3 ? found : []
}
