import { isAsking } from '../../converse/wishes.ts'

/**
 * Sentences that only the events to come make a wish: 早餐会我想参加, 沙龙那个我去不了了, 换成4号的路演. `which` names one; '' is the one just
 * spoken of.
 */
export type NaturalWish = { readonly do: 'join' | 'leave' | 'change'; readonly which: string; readonly details: string }

const we = '(?:我们?|咱们?|本人|我这边|我司|我方|我公司)'
const will = '(?:也|都|还|就|再|很|挺|是|想要?|要|准备|打算|希望|愿意|计划|决定)*'
const takesPart = '(?:报名参加|报名|报个名|参加|参与|报(?!告|备|税|奖|账|销|价|送|关)|去听|去)'
const ends = '(?:一下|一个|吧|啊|哈|了|啦|的)*'
const how = '(?:可能|恐怕|估计|临时|突然|应该|那天|当天|都|又|也|就|已经|现在)*'
const cannot =
  '(?:去不了|来不了|参加不了|去不成|来不成|(?:不|没法|不能|没办法|不想|无法|没空|没时间)(?:去|来|参加|过去|过来)|有事(?:不|没法|不能)(?:去|来|参加))'
const tail = '(?:了|啦|啊|哈|哦|吧|[，,]?(?:抱歉|不好意思|谢谢|麻烦.{0,6}))*'

const joinsLast = new RegExp(
  `^(?<which>[^，,;；]{2,24}?)[，,\\s]?${we}${will}${takesPart}${ends}(?:[\\s，,、:：]*(?<details>[\\s\\S]*))?$`,
  'u',
)
const joinsFirst = new RegExp(
  `^(?:请|麻烦|帮我们?|给我们?|替我们?)*${we}?${will}(?:参加|去听|报(?!名|告|备|税|奖|账|销|价|送|关)|去)(?:一下)?(?<which>[^，,;；\\s]{3,24}?)${ends}(?:[\\s，,、:：]+(?<details>[\\s\\S]*))?$`,
  'u',
)
const leavesLast = new RegExp(`^(?<which>[^，,;；]{0,24}?)[，,\\s]?${we}?${how}${cannot}${tail}$`, 'u')
const leavesFirst = new RegExp(`^${we}${how}${cannot}(?<which>[^，,;；]{2,24}?)${tail}$`, 'u')
const changes =
  /^(?:帮我|请|麻烦|我?想要?|我要|能|可以|还是|那就?|就|把.{1,16}?)*(?:换成|换到|换|改成|改报|改到|改去|改参加)(?:报|参加|去)?(?<which>[^，,;；]{2,24}?)(?:吧|了|啊|哈|一下)*$/u
const count = '(?:\\d{1,2}|[一二两三四五六七八九十])个?(?:人|位)'
const countsFirst = new RegExp(
  `^${we}?(?:这边|一共|总共)*(?<details>${count})${will}(?:参加|去听|去|报名?)(?<which>[^，,;；\\s]{2,24}?)${ends}$`,
  'u',
)
/** 下午茶算我一个, 早餐会给我报2个人, 4号的路演帮我留个名额 */
const forMe = new RegExp(
  `^(?<which>[^，,;；]{2,24}?)[，,\\s]?(?:请|麻烦|也|就)*(?:算上?${we}(?:一个|一位|一份)?|(?:给|帮|替)${we}也?(?:留|报)(?:一下|名|一?个)*(?:名额|位置|位子|座位)?)${ends}(?<details>[\\s，,、]*(?:${count}|[\\s，,、]).*)?$`,
  'u',
)
const cancels =
  /^(?:请|麻烦|帮我|我?想要?|我要|把)*(?:取消|退掉|退出)(?:掉|参加)?(?<which>[^，,;；]{2,24}?)(?:吧|了|啊|哈|一下)*$/u
/** Of the one event that was just told. */
const thatOne = new RegExp(
  `^(?:好的?|行|可以|嗯|那就?)*[，,\\s]*${we}?(?:也|想要?|要|准备|打算|希望)*(?:参加|报名参加|去|报)${ends}$`,
  'u',
)
const longest = 60

/** Pure: null when the words ask for something, or are none of these sentences. */
export function naturalWishOf(text: string): NaturalWish | null {
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(/[!。.~～\s]+$/u, '')
  if (plain === '' || plain.length > longest || isAsking(text)) return null
  const of = (what: NaturalWish['do'], found: RegExpExecArray | null) =>
    found === null
      ? null
      : {
          do: what,
          which: bareWhich(found.groups?.['which'] ?? ''),
          details: (found.groups?.['details'] ?? '').replace(/^[\s，,、]+/u, '').trim(),
        }
  return (
    of('change', changes.exec(plain)) ??
    of('leave', leavesLast.exec(plain)) ??
    of('leave', leavesFirst.exec(plain)) ??
    of('leave', cancels.exec(plain)) ??
    of('join', thatOne.exec(plain)) ??
    of('join', countsFirst.exec(plain)) ??
    of('join', forMe.exec(plain)) ??
    of('join', joinsLast.exec(plain)) ??
    of('join', joinsFirst.exec(plain))
  )
}

/** 沙龙那个, 早餐会这场: pointing adds nothing. */
function bareWhich(which: string): string {
  return which
    .replace(/^(?:那就?|就|还有|另外|对了|还是|嗯|好的?|不好意思|抱歉)?[，,\s]*(?:(?:那|这|刚才|上面)(?:个|场|次|的)?)?/u, '')
    .replace(/(?:的|那|这|那个|那场|这个|这场|那次|活动那个)$/u, '')
    .trim()
}

/** Pure: 第二个, 就2号, 选第三场 after a numbered list; null when it is no place in a list. */
export function placeIn(text: string): number | null {
  const [, number] =
    /^(?:那|就|我|要|选|报|还是|参加|取消)*第?\s*(\d{1,2}|[一二两三四五六七八九十])\s*(?:个|场|项|号|条)?(?:吧|啊|哈|的|那个|那场)*[。.!！\s]*$/u.exec(
      text.normalize('NFKC').trim(),
    ) ?? []
  if (number === undefined) return null
  return /\d/.test(number) ? Number(number) : number === '两' ? 2 : '一二三四五六七八九十'.indexOf(number) + 1
}
