import { normalize } from '../../retrieval/text/normalize.ts'

/** What a person wants that is not a question. Recognised at any turn, with or without a model. */
export type Wish =
  | 'start'
  | 'help'
  | 'who'
  | 'human'
  | 'complaint'
  | 'privacy'
  | 'delete_data'
  | 'demand'
  | 'greeting'
  | 'thanks'
  | 'close'
  | 'company_show'
  | 'company_forget'
  | 'speak_chinese'
  | 'speak_english'

const commands: Readonly<Record<string, Wish>> = {
  start: 'start',
  help: 'help',
  human: 'human',
  complaint: 'complaint',
  privacy: 'privacy',
  delete: 'delete_data',
  demand: 'demand',
  close: 'close',
}

/** Whole messages only. Politeness may surround the wish, but a pattern must not run on into a question. */
const polite = `(?:你好|您好|请|麻烦|帮我|帮忙|我要|我想要?|想要?|需要|能不能|能否|可以|可不可以|给我|直接|现在|马上|就|还是|那)*`
const ending = `(?:吗|吧|呢|啊|可以吗|行吗|好吗|谢谢|一下|聊聊?|谈谈?|咨询|服务|说话|处理|对接|沟通|解答)*`
/** People whom rules and forms name as well. */
const leads = '负责人|专员|领导|主管|经理'
const colleagues = `工作人员|技术经纪人|技术经理人|经纪人`
const staff = `(?:人工|真人|活人)(?:客服|服务|坐席|顾问)?(?:人员)?|客服(?:人员)?|${colleagues}|真的人`
const who = `(?:${staff}|${leads})`
const to = '(?:到|成|给|一?个|一?位|一下|下)*(?:你们|园区|贵方)?的?'
/** 投诉 as a subject of rules: 投诉电话, 投诉需要… */
const asTopic =
  '(?:举报)?(?:电话|热线|邮箱|信箱|网[址站]|平台|系统|入口|渠道|途径|方式|方法|办法|流程|程序|步骤|材料|时[限效间]|期限|范围|条件|对象|处理|受理|办理|制度|机制|规定|政策|记录|率|举报$|到|去|在|需要?|应|可|能|会|要|有|是(?!因为))'
const thanked = '谢谢|多谢|感谢|谢了|谢啦|辛苦|麻烦(?:你|您)|非常感谢|3q|thx|ty|thanks|thank you|many thanks|cheers'
const nods = `${thanked}|好的|好滴|好哒|好嘞|好吧|好|行吧?|嗯+|哦+|噢|ok|okay|明白|了解|懂|清楚|知道|收到|没问题|再见|拜拜|bye|goodbye|got it|i see|understood|great|perfect|nice|哈{2,}|呵{2,}|嘿{2,}|h{3,}|6{2,}|(?:你|您)?(?:真|太|好|很|挺|真是)*(?:棒|厉害|牛|赞|不错|好)|先(?:就)?这样|就这样|回头(?:再)?(?:说|聊|问)|改天(?:再)?(?:说|聊|问)|下次(?:再)?(?:说|聊|问)|我(?:再|先)?(?:想想|考虑一?下|看看)`
const nod = new RegExp(` ?(?:${nods})`, 'y')
const afterNod = / ?(?:啦|了|吧|您|你|哈|哦|呀|啊|so much|very much|a lot|for your help)/y

/**
 * Pure: whether every piece of a text is a nod. Checked piece by piece: one pattern for all of them would backtrack over every way to split
 * 好好好 and 嗯嗯嗯.
 */
function roundsOff(text: string): boolean {
  let at = 0
  const takes = (piece: RegExp) => {
    piece.lastIndex = at
    const found = piece.test(text)
    if (found) at = piece.lastIndex
    return found
  }
  if (!takes(nod)) return false
  while (at < text.length) if (!takes(nod) && !takes(afterNod)) return false
  return true
}

/** Marks a question, except in reproaches: 为什么, 怎么没人. */
const inquires =
  '什么(?<!为什么|凭什么)|怎么(?![没不还这那会])|怎样|如何|多少|多久|多长|几[个天日]|哪|谁|是否|能不能|可不可以|有没有(?!人)|[吗呢]$'
const patterns: readonly (readonly [Wish, RegExp])[] = [
  ['human', new RegExp(`^${polite}(?:(?:转接?|找|接|叫|要|和|跟|与|联系|呼叫)${to}${who}|换${to}(?:${staff}))${ending}$`)],
  [
    'human',
    new RegExp(
      `^(?:请问)?(?:怎么样?|怎样|如何|在?哪里?|哪儿)(?:才)?(?:能|可以)?(?:转接?|找|接|联系)(?:到|上)?(?:你们?|您|园区|(?:人工|真人|客服)(?:客服|服务|人员)?|${colleagues})${ending}$`,
    ),
  ],
  ['human', new RegExp(`^${polite}${who}${ending}$`)],
  // Whoever wants to meet wants a person.
  [
    'human',
    new RegExp(
      `^${polite}能?(?:约个?时间|找人|派人)*(?:当面|见个?面|面对面|面谈|上门|打个?电话|电话里?)(?:聊聊?|谈谈?|沟通|详谈|咨询|说|介绍|拜访|给我们?|联系我们?)*${ending}$`,
    ),
  ],
  ['human', /^who (?:can|do|should) (?:i |we )?(?:help|talk|speak|ask|contact|call|assist)(?: (?:to|with))?(?: me| us)?$/],
  ['human', /^(?:有没有|有)(?:真人|人工|活人|人)(?:吗|在吗|客服|服务|在)*$/],
  [
    'human',
    /^(?:(?:please|can|could|may|i|i'd|would|like|want|need|to|you|me|let|now)\s+)*(?:talk|speak|connect|chat|transfer|get|reach|put)?(?:\s*(?:me|to|with|through|a|an|the|real|live))*\s*(?:human|person|someone|agent|broker|representative|operator|staff)(?:\s+(?:please|now))?$/,
  ],
  ['complaint', new RegExp(`^${polite}(?:我?要|我?想要?)投诉(?!${asTopic})`)],
  ['complaint', new RegExp(`^${polite}投诉(?!${asTopic})(?!.*(?:${inquires}))`)],
  [
    'complaint',
    /^(?:(?:i|want|would|like|to|have|file|make|a)\s+)*(?:complain|complaint)\b(?!\s+(?:about\s+)?(?:procedure|process|hotline|phone|number|channel|form|email|address|handling|time|deadline|documents|materials|is|are|takes?|can)\b)/,
  ],
  [
    'privacy',
    /^(?:隐私|隐私政策|个人信息保护|你们?(?:会)?(?:怎么|如何)(?:处理|使用|保存)我的(?:数据|信息|个人信息))[吗呢]?$|^privacy(?: policy)?$/,
  ],
  [
    'company_show',
    /^(?:你(?:还)?(?:记得|知道|记着)|查看|看看|显示)?(?:一下)?(?:我们?|我司)?的?(?:公司|企业)的?(?:信息|情况|资料)(?:有?哪些|有?什么|是什么)?[吗么呢]?$/,
  ],
  [
    'company_show',
    /^(?:what do you know about|show)(?: me)? (?:my|our) company(?:'s)?(?: information)?$|^my company information$/,
  ],
  [
    'company_forget',
    /^(?:请|麻烦)?(?:你)?(?:忘掉|忘记|忘了|清除|删除|删掉|不要记)(?:我们?|我司)?的?(?:公司|企业)的?(?:信息|情况|资料)(?:吧)?$/,
  ],
  ['company_forget', /^(?:please )?(?:forget|delete|erase) (?:my|our) company(?:'s)?(?: information)?$/],
  [
    'speak_english',
    /^(?:请|麻烦|以后|接下来|可以|能不能|能|你|您)*(?:都)?(?:用|说|讲|切换(?:到|成)?|换(?:成|到)?)(?:一下)?(?:英文|英语|english)(?:回答|回复|答复|说|交流|再说一遍|来|我|吧|吗|好吗|可以吗|谢谢)*$|^(?:please )?(?:can you )?(?:answer |reply |speak |switch |say it )?(?:in |to )?english(?: please)?$|^(?:hi |hello |hey )?(?:do|can|could) you (?:speak|understand|talk|write)(?: in)? english$/,
  ],
  [
    'speak_chinese',
    /^(?:请|麻烦|以后|接下来|可以|能不能|能|你|您)*(?:都)?(?:用|说|讲|切换(?:到|成)?|换(?:成|到)?)(?:一下)?(?:中文|汉语|普通话|chinese)(?:回答|回复|答复|说|交流|再说一遍|来|我|吧|吗|好吗|可以吗|谢谢)*$|^(?:please )?(?:can you )?(?:answer |reply |speak |switch |say it )?(?:in |to )?chinese(?: please)?$/,
  ],
  // Nobody should need a command to return to the bot.
  [
    'close',
    new RegExp(
      `^${polite}(?:取消|撤销|撤回|不用|不要|不需要|不必|结束|退出|停止)了?(?:转接?|找|等)?(?:人工|真人|客服)(?:客服|服务|了|吧)*$`,
    ),
  ],
  ['close', /^(?:请|麻烦)?(?:转|换|切换?|回|返回)(?:回|到|成)*(?:机器人|智能助手|ai)(?:回答|服务|吧|了)*$/],
  ['close', /^(?:please )?(?:back to the bot|(?:cancel|end|stop) (?:the )?(?:human|agent|transfer|hand-?off))(?: please)?$/],
  [
    'delete_data',
    new RegExp(`^${polite}(?:删除|清除|清空|注销)(?:掉|一下)?我?的?(?:个人)?(?:数据|信息|资料|聊天记录|对话|记录)${ending}$`),
  ],
  ['delete_data', /^(?:please )?(?:delete|erase|remove) my (?:data|information|history|conversation|messages)$/],
  ['demand', new RegExp(`^${polite}(?:提交|发布|登记|填报|报|提)(?:一?个|一?条|技术)*需求${ending}$`)],
  ['demand', /^(?:submit|post|register) (?:a )?(?:technology )?(?:demand|need|request)$/],
  ['start', /^开始$/],
  ['help', /^(?:帮助|使用说明|怎么用|如何使用|菜单|功能|你能做什么|你会什么|help|menu|what can you do)$/],
  // Whoever asks what they are talking to is told the truth.
  [
    'who',
    /^(?:请问)?(?:你|您)(?:们)?(?:到底|究竟|其实|现在)?(?:是|不是|是不是)(?:一?个)?(?:谁|哪位|什么(?:东西|人)?|(?:聊天|智能)?机器人|真人|活人|人工|人|ai|人工智能|智能(?:助手|客服)|程序|客服)(?:还是(?:真人|机器人|人工|人|ai))?(?:吗|吧|呢|啊)?$|^(?:请问)?(?:你|您)(?:叫|怎么称呼|贵姓)(?:什么)?(?:名字)?[啊呢]?$/,
  ],
  [
    'who',
    /^(?:who|what) are you$|^are you (?:an? )?(?:human|real(?: person)?|person|robot|bot|chatbot|ai|machine)$|^am i (?:talking|speaking|chatting) (?:to|with) (?:an? )?(?:human|person|robot|bot|ai|machine)$|^what(?: i|')s your name$|^what s your name$/,
  ],
  [
    'greeting',
    /^(?:你好|您好|嗨|哈喽|在|(?:hello|hi|hey)(?: there| everyone| all)?|在吗|在么|有人吗|早上好|上午好|下午好|晚上好|good (?:morning|afternoon|evening))[啊呀哈]?$/,
  ],
  // Whoever only says that they have a question is asked for it.
  ['greeting', /^(?:请问)?(?:有没有人|有人|人)(?:在)?[吗么不]$|^(?:你们?)?(?:还)?在(?:不在|不|吗|么)$/],
  [
    'greeting',
    /^(?:请问)?(?:我们?)?(?:想|要|有(?:个|些|点)?)?(?:跟|向)?(?:你们?|您)?(?:请)?(?:问|咨询|了解|请教|打听)(?:一?下|一?个|几个|点|些|您|你们?)*(?:问题|事情?|政策|情况)?$|^(?:我们?)?有(?:个|些|几个|点)?(?:问题|事情?)(?:想|要)?(?:问|咨询|请教)?(?:一?下|您|你们?)*$/,
  ],
  ['greeting', /^(?:i have|i've got|may i ask|can i ask)(?: you)? (?:a|some|one) questions?$/],
]

/**
 * Pure: reads a command as people type it: with the full-width ／ of a Chinese keyboard, a phone's automatic capital, or a space after the
 * slash. A misspelt command is no message to anybody else either: /notes is a slip for /note.
 */
export function commandIn(text: string): { readonly name: string; readonly rest: string } | null {
  const plain = text.replace(/^[\s\u200b-\u200f\u2060\ufeff]+/, '')
  const [, name, rest = ''] =
    /^[/／]\s*([a-zＡ-Ｚａ-ｚ_]+)(?=[\s@:,]|[^\p{ASCII}]|$)(?:@\w+)?[\s:：,，]*([\s\S]*)$/iu.exec(plain) ?? []
  return name === undefined ? null : { name: name.normalize('NFKC').toLowerCase(), rest }
}

/** Only a name; with a question mark it asks about that name: 技术经纪人呢？ */
const merelyNamed = new RegExp(
  `^(?:你好|您好|请问?|需要找?|还是|那|就)*(?:${colleagues}|${leads})${ending}$|^${polite}投诉$|^(?:an? |the )?(?:broker|agent|representative|operator|staff|person)$`,
)
const asksAtEnd = /[?？]\s*$|[吗呢][\s\p{P}]*$/u
const asksWithin = new RegExp(inquires)

/** Pure: whether words ask to be told something. */
export function isAsking(text: string): boolean {
  return asksAtEnd.test(text) || asksWithin.test(text)
}

/** @param brokerSide 结束 closes a ticket only when a broker says it */
export function wishOf(text: string, brokerSide = false): Wish | null {
  const command = commandIn(text)
  if (command !== null) return commands[command.name] ?? null
  if (isSign(text)) return brokerSide ? null : nodOf(text)
  const plain = normalize(text)
    .replace(/[\s,，。.!！?？~～、;；:：]+/g, ' ')
    .trim()
  if (plain.length === 0 || plain.length > 40) return null
  if (brokerSide) return plain === '结束' || plain === 'close' ? 'close' : null
  const tight = plain.replace(/(?<=[\p{Script=Han}]) | (?=[\p{Script=Han}])/gu, '')
  if (asksAtEnd.test(text) && merelyNamed.test(tight)) return null
  return patterns.find(([, pattern]) => pattern.test(tight))?.[0] ?? (roundsOff(tight) ? 'thanks' : null)
}

const thanksWithin = new RegExp(`${thanked}|🙏|抱拳|合十`, 'i')

/** Pure: whether words that only end a conversation are thanks. */
export function isThanks(text: string): boolean {
  return thanksWithin.test(normalize(text)) || thanksWithin.test(text)
}

/** [强] and the like: WeChat's emoticons as text. */
const emoticon = /\[[\p{L}\p{N}]{1,6}\]/gu
const kind = /👍|👌|🙏|🤝|👏|💪|❤|♥|🌹|💐|😊|🥰|\[(?:强|ok|抱拳|合十|握手|鼓掌|玫瑰|爱心|微笑|愉快|好的|赞|thumbsup)\]/iu

function nodOf(text: string): Wish {
  return kind.test(text) ? 'thanks' : 'greeting'
}

/** Pure: whether a text holds only signs: a nod, a prompt to go on, or a form's mark for “none”. */
export function isSign(text: string): boolean {
  return text.trim() !== '' && !/[\p{L}\p{N}]/u.test(text.replace(emoticon, ''))
}

/** Pure: a message without its signs, and without blanks next to Chinese characters. */
export function bare(text: string): string {
  return normalize(text)
    .replace(/[\s\p{P}]+/gu, ' ')
    .replace(/(?<=\p{Script=Han}) | (?=\p{Script=Han})/gu, '')
    .trim()
}

/**
 * Pure: whether the reply to “erase everything?” confirms it. A mere nod (好的, ok) is not enough.
 * @param withHuman while a human has the turn 是的 may be for them, so erasing must be named
 */
export function confirmsErasure(text: string, withHuman = false): boolean {
  const plain = normalize(text).replace(/[\s\p{P}]/gu, '')
  if (withHuman && !/清除|删除|erase|delete/.test(plain)) return false
  return /^(?:是的?|对的?|确[定认](?:了|吧)?(?:要?(?:清除|删除)(?:掉|吧)?)?|(?:清除|删除)(?:吧|掉)?|yes(?:please)?|sure|confirm(?:ed)?|erase(?:it)?|delete(?:it)?)$/.test(
    plain,
  )
}

/** Pure: whether the reply to “erase everything?” declines: 不删了, 先别删, no. */
export function refusesErasure(text: string): boolean {
  return /^(?:还是|先|那|那就|暂时)*(?:不|别|不要|不用|不想)(?:要|用)?(?:删除?|清除?|了|清空)?(?:了|吧|谢谢)*$|^(?:no|nope|don t|do not|keep it)(?: thanks)?$/.test(
    bare(text),
  )
}
