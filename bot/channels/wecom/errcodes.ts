import { AppError } from '../../../retrieval/base/errors.ts'
import { ChannelError } from '../channel.ts'

type Kind = ConstructorParameters<typeof ChannelError>[0]
type Meaning = { readonly kind: Kind; readonly hint?: string; readonly waitMs?: number }

/** WeCom's own error number, for callers that must tell one refusal from another. */
export class WecomRefusal extends AppError {
  readonly errcode: number
  constructor(errcode: number, message: string) {
    super(`wecom_${errcode}`, message)
    this.errcode = errcode
  }
}

/** Block of a per-minute limit. */
const minuteMs = 60_000
const secret = 'Check WECOM_CORP_ID and the secret on the app’s page of the administrator’s console.'
const range = 'Add the person to the app’s visible range (应用管理 → the app → 可见范围).'
const app = 'Check WECOM_AGENT_ID and WECOM_AGENT_SECRET: both stand on the app’s page.'
const rights = 'The app may not use this interface; grant it in the administrator’s console.'
const kf = 'Check WECOM_KF_IDS, and that the app is listed under 微信客服 → 可调用接口的应用.'

/** Once for every caller: what to retry, wait for, have fixed, or stop. */
const meanings: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [-1, { kind: 'unavailable' }],
  [45009, { kind: 'rate_limited', waitMs: minuteMs }],
  [45033, { kind: 'rate_limited', waitMs: 2_000 }],
  [40001, { kind: 'misconfigured', hint: secret }],
  [40013, { kind: 'misconfigured', hint: 'Check WECOM_CORP_ID: 我的企业 → 企业信息 → 企业ID.' }],
  [40014, { kind: 'unavailable' }],
  [42001, { kind: 'unavailable' }],
  [41001, { kind: 'unavailable' }],
  [40056, { kind: 'misconfigured', hint: app }],
  [301002, { kind: 'misconfigured', hint: app }],
  [43012, { kind: 'misconfigured', hint: 'Cards need a callback address: 应用 → 接收消息 → 设置API接收.' }],
  [48001, { kind: 'misconfigured', hint: rights }],
  [48002, { kind: 'misconfigured', hint: rights }],
  [50002, { kind: 'misconfigured', hint: 'The app or its members are disabled; enable it in the administrator’s console.' }],
  [50003, { kind: 'misconfigured', hint: 'The app is disabled; enable it in the administrator’s console.' }],
  [60011, { kind: 'misconfigured', hint: range }],
  [60020, { kind: 'misconfigured', hint: 'Add this server’s outgoing address to the app’s 企业可信IP, or set WECOM_PROXY.' }],
  [40003, { kind: 'chat_gone' }],
  [46004, { kind: 'chat_gone' }],
  [60111, { kind: 'chat_gone' }],
  [81013, { kind: 'chat_gone' }],
  [84061, { kind: 'chat_gone' }],
  [95000, { kind: 'misconfigured', hint: kf }],
  [95003, { kind: 'misconfigured', hint: 'An unverified company may serve few customers; have it verified (企业认证).' }],
  [95004, { kind: 'misconfigured', hint: kf }],
  [95011, { kind: 'misconfigured', hint: 'The account is managed in WeCom; hand it to the interface: 微信客服 → 通过API管理.' }],
  [95012, { kind: 'misconfigured', hint: 'Switch 微信客服 on in WeCom’s administrator’s console.' }],
  [95014, { kind: 'misconfigured', hint: 'The person is no servicer of the account; add them, inside the app’s visible range.' }],
  [95017, { kind: 'misconfigured', hint: 'Switch the interface on: 微信客服 → 通过API管理微信客服帐号.' }],
])

/** The token is not valid, or no longer: worth one new token and one more try. */
export const staleToken: ReadonlySet<number> = new Set([40001, 40014, 42001])

/**
 * Pure: what a number WeCom answered means for the caller. An unknown one must not be retried for ever, so it is `refused`.
 * @param method named in messages and logs; WeCom's description holds no secret, and addresses with tokens never get here
 */
export function wecomError(method: string, errcode: number, errmsg: string): ChannelError {
  const { kind, hint, waitMs } = meanings.get(errcode) ?? { kind: 'refused' as const }
  const words = errmsg.split(/,?\s*(?:more info|hint:)/i)[0]?.slice(0, 200) ?? ''
  const from = errcode === 60020 ? /from ip:\s*([\d.a-f:]+)/i.exec(errmsg)?.[1]?.replace(/[.:]+$/, '') : undefined
  const full =
    from === undefined ? hint : `Add ${from} to the app’s 企业可信IP (应用管理 → the app → 企业可信IP), or set WECOM_PROXY.`
  return new ChannelError(kind, `${method}: ${errcode} ${words}`, {
    cause: new WecomRefusal(errcode, words),
    ...(full === undefined ? {} : { hint: full }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  })
}

/** @returns WeCom's number behind an error, or null when WeCom did not answer */
export function errcodeOf(error: unknown): number | null {
  return error instanceof ChannelError && error.cause instanceof WecomRefusal ? error.cause.errcode : null
}
