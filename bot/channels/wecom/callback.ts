import type { FastifyInstance, FastifyReply } from 'fastify'
import { errorFields, type Log } from '../../../retrieval/base/log.ts'
import { isBadData } from '../base/bad-data.ts'
import { object, text } from '../base/loose.ts'
import type { ChannelState } from '../channel.ts'
import { type CallbackKeys, callbackCrypto } from './crypto.ts'
import { type CallbackOutcome, callbackNotes } from './doctor-notes.ts'
import { parseXml, type Xml, xmlText } from './xml.ts'

/** Callbacks are a few kilobytes; the longest message has 2048 bytes. */
const bodyLimit = 128 * 1024

/** One receiver at the shared callback address: the app, 微信客服. Each may have keys of its own. */
export type CallbackReceiver = {
  readonly name: string
  readonly keys: CallbackKeys
  /** Whether a callback under its keys is for it; of several receivers the first takes it. */
  wants(callback: Xml): boolean
  /** Stores one callback; null while nothing can be accepted (not started, or stopping). A rejection makes WeCom send it again. */
  taker(): ((callback: Xml) => Promise<void>) | null
  /** Records what came and what did not fit, for `doctor`. */
  readonly state: ChannelState
}

type Opened = CallbackReceiver & { readonly crypto: ReturnType<typeof callbackCrypto>; note(outcome: CallbackOutcome): void }
type Signed = { readonly signature: string; readonly timestamp: string; readonly nonce: string }

const receiversOf = new WeakMap<FastifyInstance, Opened[]>()

/**
 * `GET|POST /wecom/callback`. Nothing is decrypted or stored before a signature fits, and all refusals look alike. 200 only after the row
 * is stored; 503 makes WeCom send it again, up to three times.
 */
export function receiveCallbacks(http: FastifyInstance, log: Log, receiver: CallbackReceiver): void {
  const opened = { ...receiver, crypto: callbackCrypto(receiver.keys), note: callbackNotes(receiver.state, receiver.name, log) }
  const known = receiversOf.get(http)
  if (known !== undefined) {
    known.push(opened)
    return
  }
  const receivers = [opened]
  receiversOf.set(http, receivers)
  http.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_, body, done) => done(null, body))
    scope.addHook('onRequest', async (request, reply) => {
      if (signedOf(request.query) === null) return reply.code(403).send()
    })
    scope.get('/wecom/callback', async (request, reply) => {
      const sealed = text(object(request.query)?.['echostr'])
      const [found] = sealed === null ? [] : unsealed(receivers, signedOf(request.query), sealed)
      if (found === undefined) return refuse(receivers, request.query, sealed, reply)
      found.receiver.note('verified')
      return reply.type('text/plain; charset=utf-8').send(found.plain)
    })
    scope.post('/wecom/callback', { bodyLimit }, async (request, reply) => {
      const sealed = sealedIn(request.body)
      const found = sealed === null ? [] : unsealed(receivers, signedOf(request.query), sealed)
      if (found.length === 0) return refuse(receivers, request.query, sealed, reply)
      const status = await pass(found, log)
      return status === 503 ? reply.code(503).header('retry-after', '2').send() : reply.code(200).send()
    })
  })
}

/** All refusals look alike from outside; which of the keys did not fit is recorded inside. */
function refuse(receivers: readonly Opened[], query: unknown, sealed: string | null, reply: FastifyReply): FastifyReply {
  const signed = signedOf(query)
  if (signed === null || sealed === null) return reply.code(403).send()
  const fitting = receivers.filter((each) => each.crypto.isSigned(signed.signature, signed.timestamp, signed.nonce, sealed))
  for (const each of fitting) each.note(opensForAnother(each, sealed) ? 'corp_id' : 'aes_key')
  if (fitting.length === 0) for (const each of receivers) each.note('token')
  return reply.code(403).send()
}

function opensForAnother({ keys }: Opened, sealed: string): boolean {
  try {
    callbackCrypto({ ...keys, receiveId: null }).open(sealed)
    return true
  } catch {
    return false
  }
}

function signedOf(query: unknown): Signed | null {
  const given = object(query)
  const signature = text(given?.['msg_signature'])
  const timestamp = text(given?.['timestamp'])
  const nonce = text(given?.['nonce'])
  if (signature === null || timestamp === null || nonce === null) return null
  return /^[0-9a-f]{40}$/.test(signature) && /^\d{1,16}$/.test(timestamp) && nonce.length <= 128
    ? { signature, timestamp, nonce }
    : null
}

function sealedIn(body: unknown): string | null {
  if (!Buffer.isBuffer(body)) return null
  try {
    return xmlText(parseXml(new TextDecoder('utf-8', { fatal: true }).decode(body)), 'Encrypt')
  } catch {
    return null
  }
}

/** @returns the receivers whose signature and key fit, with the decrypted text */
function unsealed(receivers: readonly Opened[], signed: Signed | null, sealed: string): { receiver: Opened; plain: string }[] {
  if (signed === null) return []
  return receivers.flatMap((receiver) => {
    if (!receiver.crypto.isSigned(signed.signature, signed.timestamp, signed.nonce, sealed)) return []
    try {
      return [{ receiver, plain: receiver.crypto.open(sealed) }]
    } catch {
      return []
    }
  })
}

/** What nobody wants or can read is logged and acknowledged: a refusal would only bring it back. */
async function pass(found: readonly { receiver: Opened; plain: string }[], log: Log): Promise<200 | 503> {
  const [first] = found
  const callback = read(first?.plain ?? '')
  const wanted = callback === null ? undefined : found.find(({ receiver }) => receiver.wants(callback))?.receiver
  if (callback === null || wanted === undefined) {
    log('wecom_callback_dropped', { reason: callback === null ? 'not_xml' : 'unwanted', event: eventOf(callback) })
    return 200
  }
  const take = wanted.taker()
  if (take === null) return 503
  try {
    await take(callback)
    wanted.note('taken')
    return 200
  } catch (error) {
    log('wecom_callback_not_stored', { channel: wanted.name, ...errorFields(error) })
    return isBadData(error) ? 200 : 503
  }
}

function read(plain: string): Xml | null {
  try {
    return parseXml(plain)
  } catch {
    return null
  }
}

function eventOf(callback: Xml | null): string | null {
  if (callback === null) return null
  const told = `${xmlText(callback, 'MsgType') ?? ''}/${xmlText(callback, 'Event') ?? ''}`
  return /^[\w/]{1,80}$/.test(told) ? told : 'other'
}
