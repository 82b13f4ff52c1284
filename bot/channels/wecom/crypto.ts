import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../../retrieval/base/errors.ts'

/** WeCom pads to 32 bytes, twice AES' own block. */
const paddingBlock = 32
const cipherBlock = 16
/** 16 random bytes and the length of the message come first. */
const headBytes = 20

/**
 * The keys of one callback address, as the administrator's page shows them. `receiveId`: the corp id; null where the platform leaves it
 * empty.
 */
export type CallbackKeys = { readonly token: string; readonly aesKey: string; readonly receiveId: string | null }

/** Signs, checks, opens and seals the messages of one callback address. */
export function callbackCrypto({ token, aesKey, receiveId }: CallbackKeys) {
  const key = keyOf(aesKey)
  return {
    signatureOf: (timestamp: string, nonce: string, sealed: string) => signatureOf(token, timestamp, nonce, sealed),

    /** In constant time: it cannot be measured how much of a guess was right. */
    isSigned(signature: string, timestamp: string, nonce: string, sealed: string): boolean {
      return sameText(signature, signatureOf(token, timestamp, nonce, sealed))
    },

    /** @throws AppError `wecom_not_ours`, the same whatever was wrong, so that guessing reveals nothing */
    open(sealed: string): string {
      const { text, receiver } = opened(sealed, key)
      if (receiveId !== null && !sameText(receiver, receiveId)) throw notOurs()
      return text
    },

    /** @param random for known answers only */
    seal(text: string, random: Uint8Array = randomBytes(16)): string {
      const message = Buffer.from(text)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(message.length)
      const plain = Buffer.concat([random, length, message, Buffer.from(receiveId ?? '')])
      const missing = paddingBlock - (plain.length % paddingBlock)
      const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, cipherBlock)).setAutoPadding(false)
      return Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(missing, missing)])), cipher.final()]).toString(
        'base64',
      )
    },
  }
}

/**
 * Decrypts a file that came with a key of its own (AI bot). Both paddings occur, to 16 and to 32.
 * @param aesKey base64 of 32 bytes, its `=` optional
 * @throws AppError `wecom_not_ours` when key and file do not belong together
 */
export function openFile(bytes: Uint8Array, aesKey: string): Buffer {
  return unpadded(decrypted(bytes, keyOf(aesKey)))
}

function signatureOf(token: string, timestamp: string, nonce: string, sealed: string): string {
  return createHash('sha1').update([token, timestamp, nonce, sealed].sort().join('')).digest('hex')
}

/** The last character may carry unused bits; Node's decoder tolerates them. */
function keyOf(aesKey: string): Buffer {
  const key = Buffer.from(aesKey, 'base64')
  if (key.length !== 32)
    throw new AppError('wecom_bad_aes_key', 'An EncodingAESKey has 43 characters', {
      hint: 'Copy the EncodingAESKey anew from the page where the callback is set.',
    })
  return key
}

function opened(sealed: string, key: Buffer): { text: string; receiver: string } {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(sealed)) throw notOurs()
  const plain = unpadded(decrypted(Buffer.from(sealed, 'base64'), key))
  if (plain.length < headBytes) throw notOurs()
  const end = headBytes + plain.readUInt32BE(16)
  if (end > plain.length) throw notOurs()
  return { text: plain.toString('utf8', headBytes, end), receiver: plain.toString('utf8', end) }
}

function decrypted(bytes: Uint8Array, key: Buffer): Buffer {
  if (bytes.length === 0 || bytes.length % cipherBlock !== 0) throw notOurs()
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, cipherBlock)).setAutoPadding(false)
  return Buffer.concat([decipher.update(bytes), decipher.final()])
}

function unpadded(plain: Buffer): Buffer {
  const padding = plain.at(-1) ?? 0
  if (padding < 1 || padding > paddingBlock || padding > plain.length) throw notOurs()
  if (!plain.subarray(-padding).every((each) => each === padding)) throw notOurs()
  return plain.subarray(0, -padding)
}

/** Hashes have equal lengths, so the comparison takes constant time. */
function sameText(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(wanted))
}

function notOurs(): AppError {
  return new AppError('wecom_not_ours', 'Not sealed with our key for us')
}
