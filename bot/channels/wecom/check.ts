import { toError } from '../../../retrieval/base/errors.ts'
import { type Loose, text } from '../base/loose.ts'
import { type ChannelCheck, ChannelError, type ChannelState } from '../channel.ts'
import type { WecomClient } from './client.ts'
import { type CallbackKeys, callbackCrypto } from './crypto.ts'
import { type CallbackOutcome, lastNoted, notDelivered } from './doctor-notes.ts'
import { errcodeOf } from './errcodes.ts'

const callWithinMs = 5_000
const freshMs = 86_400_000
/** They are asked about one by one; a park has fewer. */
const mostPeople = 50

export function good(name: string, message: string): ChannelCheck {
  return { name, ok: true, code: null, message, hint: null }
}

export function bad(name: string, code: string, message: string, hint: string): ChannelCheck {
  return { name, ok: false, code, message, hint }
}

/** @returns a failure as a check; channel errors carry their own hint */
export function failedCheck(name: string, error: unknown): ChannelCheck {
  const known = error instanceof ChannelError ? error : null
  const errcode = errcodeOf(error)
  const hint = known?.hint ?? 'Check the network, WECOM_API_ROOT and WECOM_PROXY.'
  return bad(name, errcode === null ? (known?.code ?? 'unexpected') : `wecom_${errcode}`, toError(error).message, hint)
}

/** Runs one check. Never throws. */
export async function checked(name: string, work: () => Promise<ChannelCheck>): Promise<ChannelCheck> {
  return work().catch((error: unknown) => failedCheck(name, error))
}

/** Whether the app can reach everybody who is registered. 60111: no such member; 60011: outside the visible range. */
export async function membersCheck(
  name: string,
  client: Pick<WecomClient, 'get'>,
  userids: readonly string[],
): Promise<ChannelCheck> {
  const outside: string[] = []
  for (const userid of userids.slice(0, mostPeople)) {
    const errcode = await client.get('user/get', { userid }).then(
      () => 0,
      (error: unknown) => {
        const told = errcodeOf(error)
        if (told === null) throw error
        return told
      },
    )
    if (errcode === 60_111 || errcode === 60_011 || errcode === 46_004) outside.push(userid)
    // Without the right to read members nothing can be said about them.
    if (errcode === 48_001 || errcode === 48_002) return good(name, 'members cannot be looked up with this app')
  }
  if (outside.length === 0) return good(name, `${userids.length} registered people within the visible range`)
  return bad(
    name,
    'outside_visible_range',
    `outside the app’s visible range, or unknown: ${outside.join(', ')}`,
    'Correct the userid (npm run people), or add the person: 应用管理 → the app → 可见范围.',
  )
}

/** What the running service has seen at its callback address. */
export async function callbackCheck(name: string, state: ChannelState): Promise<ChannelCheck> {
  const at = await lastNoted(state)
  const fitted = Math.max(at('verified'), at('taken'))
  const wrong = (['token', 'aes_key', 'corp_id'] as const).filter((each) => at(each) > fitted)
  const latest = wrong.toSorted((a, b) => at(b) - at(a))[0]
  if (latest !== undefined) return refusedCheck(name, latest, new Date(at(latest)))
  if (fitted > 0) return good(name, `last callback that fitted: ${new Date(fitted).toISOString()}`)
  return bad(
    name,
    'no_callback_yet',
    'no callback has come yet',
    'Start the service, then press 保存 at 应用 → 接收消息 → 设置API接收; the address is PUBLIC_URL + /wecom/callback.',
  )
}

function refusedCheck(name: string, why: Exclude<CallbackOutcome, 'verified' | 'taken'>, at: Date): ChannelCheck {
  const setting = { token: 'WECOM_TOKEN', aes_key: 'WECOM_AES_KEY', corp_id: 'WECOM_CORP_ID' }[why]
  const hint =
    why === 'corp_id'
      ? 'Copy the corp id anew: 我的企业 → 企业信息 → 企业ID.'
      : `Copy the ${why === 'token' ? 'Token' : 'EncodingAESKey'} anew from 应用 → 接收消息 → 设置API接收, restart, and press 保存 there.`
  return bad(name, `callback_${why}`, `a callback at ${at.toISOString()} did not fit ${setting}`, hint)
}

/** Calls our own address from outside, as WeCom does when 保存 is pressed. */
export async function addressCheck(name: string, publicUrl: string | null, keys: CallbackKeys): Promise<ChannelCheck> {
  if (publicUrl === null) return good(name, 'PUBLIC_URL is not set, so the callback address cannot be tried from here')
  const address = `${publicUrl.replace(/\/+$/, '')}/wecom/callback`
  const crypto = callbackCrypto(keys)
  const echostr = crypto.seal('ready')
  const signed = { timestamp: String(Math.floor(Date.now() / 1000)), nonce: 'doctor' }
  const query = new URLSearchParams({
    msg_signature: crypto.signatureOf(signed.timestamp, signed.nonce, echostr),
    ...signed,
    echostr,
  })
  const answer = await fetch(`${address}?${query}`, { redirect: 'manual', signal: AbortSignal.timeout(callWithinMs) }).catch(
    () => null,
  )
  if (answer === null)
    return bad(
      name,
      'callback_unreachable',
      `${address} does not answer`,
      'Start the service; check DNS, certificate and reverse proxy.',
    )
  const said = await answer.text().catch(() => '')
  if (answer.status === 200 && said === 'ready') return good(name, `${address} answers as WeCom expects`)
  const hint =
    answer.status === 403
      ? 'The running service has other keys: restart it after changing .env.'
      : 'The reverse proxy must pass /wecom/callback on with its query unchanged.'
  return bad(name, 'callback_wrong_answer', `${address} answers ${answer.status}`, hint)
}

/** Refusals that show only when something is sent. */
export async function sendingCheck(name: string, client: Pick<WecomClient, 'trouble'>): Promise<ChannelCheck> {
  const trouble = await client.trouble()
  if (trouble === null) return good(name, 'nothing that was sent lately was refused')
  const hints: Readonly<Record<number, string>> = {
    95018:
      'If it goes on: the company must be verified (企业认证) before 微信客服 may answer; else a human of 微信客服 had the chat.',
    95003: 'An unverified company may serve few customers; have it verified (企业认证).',
    60011: 'Add the person to the app’s visible range (应用管理 → the app → 可见范围).',
    45009: 'WeCom’s limit was reached; what waits is sent by itself.',
  }
  const { method, errcode, at } = trouble
  const when = new Date(at).toISOString()
  if (method === notDelivered) return undeliveredCheck(name, errcode, at)
  return bad(name, `wecom_${errcode}`, `${method} was refused with ${errcode} at ${when}`, hints[errcode] ?? '')
}

/** Accepted but not delivered. Nothing reports recovery, so it is dropped after a day. */
function undeliveredCheck(name: string, failType: number, at: number): ChannelCheck {
  if (Date.now() - at > freshMs) return good(name, 'nothing that was sent lately was refused')
  const hints: Readonly<Record<number, string>> = {
    1: 'The account was deleted: make another (微信客服 → 客服帐号) and correct WECOM_KF_IDS.',
    2: 'The app is closed: switch it on (应用管理 → the app → 启用).',
    7: 'The account is no longer bound to the 视频号 the person came from: bind it again (微信客服 → 接入场景).',
    8: 'The company must be verified (企业认证) before more customers may be answered.',
    11: 'No member of the company has ever logged in to WeCom: let one do so.',
  }
  const when = new Date(at).toISOString()
  return bad(
    name,
    `undelivered_${failType}`,
    `${when}: a message was taken and not delivered (${failType})`,
    hints[failType] ?? '',
  )
}

/** @returns `lisi` of `wecom:lisi` and `wecom-aibot:lisi` */
export function memberIds(people: readonly string[]): readonly string[] {
  return people.filter((each) => each.startsWith('wecom:')).map((each) => each.slice('wecom:'.length))
}

/** The self-built app itself: id, secret, trusted address, enabled. */
export async function agentCheck(name: string, client: Pick<WecomClient, 'get'>, agentId: number): Promise<ChannelCheck> {
  const agent: Loose = await client.get('agent/get', { agentid: String(agentId) })
  if (Number(agent['close'] ?? 0) === 1)
    return bad(name, 'app_disabled', 'the app is switched off', 'Switch it on: 应用管理 → the app → 启用.')
  return good(name, `app “${text(agent['name']) ?? agentId}” answers`)
}
