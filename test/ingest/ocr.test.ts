import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ocrLanguage } from '../../ingest/reader/ocr.ts'
import { openReader } from '../../ingest/reader.ts'
import { codeOf } from '../../retrieval/base/errors.ts'

const picture = () => new Uint8Array(readFileSync(new URL('../cases/files/png-scan/source.png', import.meta.url)))

test('a picture of a page is read where tesseract is, and refused with what to install where it is not', async () => {
  const reader = openReader()
  const found = await reader.read(picture(), 'scan.png').catch((error: unknown) => error)
  reader.close()
  if (ocrLanguage() === null) {
    expect(codeOf(found)).toBe('needs_ocr')
    expect(found).toMatchObject({ hint: expect.stringContaining('apt-get install tesseract-ocr tesseract-ocr-chi-sim') })
  } else {
    expect(found).toMatchObject({ kind: 'text', warnings: ['ocr_text'] })
    expect(JSON.stringify(found)).toContain('为支持中试平台建设')
  }
})
