import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callbackCrypto, openFile } from '../../bot/channels/wecom/crypto.ts'
import { parseXml, xmlList, xmlText } from '../../bot/channels/wecom/xml.ts'

const shared = new URL('../../../shared/vectors/', import.meta.url)
const present = existsSync(shared)
const read = (file: string) => readFileSync(new URL(file, shared), 'utf8')

const keys = { token: 'a token', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG', receiveId: 'ww0123456789abcdef' }

describe('what goes through a callback address', () => {
  test('a known key, random bytes and text give the known ciphertext and signature', () => {
    const crypto = callbackCrypto(keys)
    const sealed = crypto.seal('<xml>你好</xml>', Buffer.from('0123456789abcdef'))
    expect(sealed).toBe('Q3stYC6hdFzMh9T8HCvyDORchGzARlxqyFUOtgi0n8H9HdDo2FsDYP+w6VNDWmIn/Oijpk37xhPBphBgE+S12g==')
    expect(crypto.signatureOf('1700000000', 'nonce', sealed)).toBe('636b634cca85e010b331bd12752cdb98517a3923')
  })

  test('whatever is sealed opens again, for the same receiver only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string({ maxLength: 20 }), (text, id) => {
        const crypto = callbackCrypto({ ...keys, receiveId: id })
        const sealed = crypto.seal(text)
        expect(Buffer.from(sealed, 'base64').length % 32).toBe(0)
        expect(crypto.open(sealed)).toBe(text)
        expect(callbackCrypto({ ...keys, receiveId: null }).open(sealed)).toBe(text)
        expect(() => callbackCrypto({ ...keys, receiveId: `${id}x` }).open(sealed)).toThrow('Not sealed')
      }),
    )
  })

  test('a changed byte, another key, a cut text and garbage are refused with one and the same error', () => {
    const crypto = callbackCrypto(keys)
    const sealed = Buffer.from(crypto.seal('<xml><Content>问</Content></xml>'), 'base64')
    const told = new Set<string>()
    for (const wrong of ['', '!!!', 'QUFB', sealed.subarray(0, 32).toString('base64'), sealed.subarray(0, 48).toString('base64')])
      expect(() => crypto.open(wrong)).toThrow()
    for (let at = sealed.length - 32; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 0x41
      try {
        crypto.open(changed.toString('base64'))
        told.add('opened')
      } catch (error) {
        told.add(String(error))
      }
    }
    expect([...told]).toEqual(['AppError: Not sealed with our key for us'])
  })

  test('a signature covers its four parts, whatever their order', () => {
    const crypto = callbackCrypto(keys)
    const signature = crypto.signatureOf('1', '2', 'abc')
    expect(crypto.isSigned(signature, '1', '2', 'abc')).toBe(true)
    for (const wrong of [signature.toUpperCase(), signature.slice(1), '', `${signature} `])
      expect(crypto.isSigned(wrong, '1', '2', 'abc')).toBe(false)
    expect(crypto.isSigned(signature, '1', '3', 'abc')).toBe(false)
  })

  test('a key of another length says what to do', () => {
    expect(() => callbackCrypto({ ...keys, aesKey: 'short' })).toThrow('43 characters')
  })
})

describe('XML of callbacks', () => {
  test('order does not matter, numbers stay text, CDATA and references are read', () => {
    const xml = parseXml(
      '\u{feff}<xml><MsgId>7254378429384721901234</MsgId><Content><![CDATA[<b>&amp; ]]>&lt;一&#x4e8c;</Content><A><B>1</B><B>2</B></A></xml>',
    )
    expect(xmlText(xml, 'MsgId')).toBe('7254378429384721901234')
    expect(xmlText(xml, 'Content')).toBe('<b>&amp; <一二')
    expect(xmlList(xml, 'A', 'B').map((each) => each.text)).toEqual(['1', '2'])
    expect(xmlText(xml, 'constructor')).toBeNull()
  })

  test('a control character somebody typed does not lose their message', () => {
    expect(xmlText(parseXml('<xml><Content><![CDATA[a\u{8}b\u{ffff}]]></Content></xml>'), 'Content')).toBe('a\u{fffd}b\u{fffd}')
  })

  test.each([
    ['<!DOCTYPE xml><xml/>', 'a DOCTYPE'],
    ['<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', 'an entity of its own'],
    ['<xml>&unknown;</xml>', 'an unknown entity'],
    ['<xml><a></xml>', 'unclosed'],
    ['<xml/><xml/>', 'two roots'],
    ['text', 'no XML'],
    ['', 'nothing'],
    [`<xml>${'<a>'.repeat(5000)}`, 'deep'],
    [`<xml>${'<a/>'.repeat(5000)}</xml>`, 'many'],
    ['<other/>', 'another root'],
  ])('$1 is refused', (source) => {
    expect(() => parseXml(source)).toThrow('Not a callback')
  })

  test('of two elements where one is meant, none is taken', () => {
    expect(xmlText(parseXml('<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>'), 'Encrypt')).toBeNull()
  })
})

type Vector = Readonly<Record<string, string>>

describe.skipIf(!present)('published vectors', () => {
  const vectors = present ? (JSON.parse(read('wecom/crypto-vectors.json')) as { vectors: Vector[] }).vectors : []
  const verified = present ? (JSON.parse(read('wecom/crypto-vectors.verified.json')) as Vector[]) : []

  const cryptoOf = (vector: Vector) =>
    callbackCrypto({
      token: vector['token'] ?? '',
      aesKey: vector['encodingAESKey'] ?? keys.aesKey,
      receiveId: vector['receiveid'] ?? null,
    })

  test('every signature of the samples fits', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(11)
    const fits = vectors.map((vector) => {
      const { msg_signature = '', timestamp = '', nonce = '', encrypt = '' } = vector
      return [vector['name'], cryptoOf(vector).isSigned(msg_signature, timestamp, nonce, encrypt)]
    })
    expect(fits).toEqual(vectors.map((vector) => [vector['name'], true]))
  })

  test('every ciphertext of the samples opens to the text of its origin', () => {
    for (const [index, vector] of vectors.entries()) {
      if (vector['encodingAESKey'] === undefined) continue
      const { encrypt = '', postBody = '' } = vector
      expect(cryptoOf(vector).open(encrypt)).toBe(vector['plaintext'] ?? verified[index]?.['msg'])
      if (postBody.startsWith('<')) expect(xmlText(parseXml(postBody), 'Encrypt')).toBe(encrypt)
    }
  })

  test('with the same random bytes a text is sealed as in the samples', () => {
    const fixed = vectors.filter((vector) => vector['random'] !== undefined)
    expect(fixed.length).toBeGreaterThan(0)
    for (const vector of fixed)
      expect(cryptoOf(vector).seal(vector['plaintext'] ?? '', Buffer.from(vector['random'] ?? ''))).toBe(vector['encrypt'])
  })

  test('files of the AI bot open, padded to 16 or 32, with or without the key’s last sign', () => {
    const files = (JSON.parse(read('aibot/file-decrypt.json')) as { vectors: Vector[] }).vectors
    for (const file of files)
      for (const key of [file['aeskey'], file['aeskey_nopad']])
        expect(openFile(Buffer.from(file['cipher_base64'] ?? '', 'base64'), key ?? '').toString()).toBe(file['plain_utf8'])
  })

  test('every sample of an event or message is read', () => {
    for (const name of readdirSync(new URL('wecom/xml/', shared))) {
      const xml = parseXml(read(`wecom/xml/${name}`))
      expect([name, xml.children.size > 0]).toEqual([name, true])
    }
    const card = parseXml(read('wecom/xml/TemplateCardPushEvent.xml'))
    expect(xmlList(card, 'SelectedItems', 'SelectedItem').length).toBe(2)
  })
})
