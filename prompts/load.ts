import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../retrieval/base/errors.ts'

export type Language = 'zh' | 'en'
export type Values = Readonly<Record<string, string | number>>
/**
 * What a model is told and given. The system text is ours, word for word the file; data (people's words, documents) only stands in the user
 * message, each piece between marks with an unguessable number. `id` = name@hash of the file, stored with every answer it made.
 */
export type Prompt = { readonly id: string; messages(data: Values): { readonly system: string; readonly user: string } }

const placeholder = /\{\{(\w+)\}\}/g

/** @param folder another folder than ours, to try changed prompts; @throws AppError `missing_prompt` */
function read(file: string, folder?: string): string {
  const path = folder === undefined ? fileURLToPath(new URL(file, import.meta.url)) : join(folder, file)
  if (!existsSync(path))
    throw new AppError('missing_prompt', `${path} is not there`, {
      hint: 'A folder of prompts holds every file of prompts/: copy that folder and change what you want to try.',
    })
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
}

/** One pass, so that a value cannot smuggle in a placeholder. @throws AppError `missing_input` */
function fill(name: string, template: string, values: Values): string {
  return template.replace(placeholder, (_, input: string) => {
    const value = values[input]
    if (value === undefined) throw new AppError('missing_input', `${name} needs {{${input}}}`)
    return String(value)
  })
}

/**
 * Reads `prompts/<name>.<language>.md`: front matter with `purpose` and `inputs`, then the system text, which names each input as
 * `<input>`.
 * @param inputs what the code will give
 * @throws AppError `prompt_mismatch` when file and code disagree
 */
export function loadPrompt(name: string, language: Language, inputs: readonly string[], folder?: string): Prompt {
  const file = `${name}.${language}.md`
  const source = read(file, folder)
  const [, front = '', body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source) ?? []
  if (body === undefined) throw new AppError('prompt_mismatch', `prompts/${file} has no front matter`)
  const declared = (/^inputs:\s*(.*)$/m.exec(front)?.[1] ?? '').split(',').map((each) => each.trim())
  const named = [...new Set([...body.matchAll(/<(\w+)>/g)].map((each) => each[1] ?? ''))]
  for (const [what, list] of [
    ['front matter', declared.filter(Boolean)],
    ['text', named],
  ] as const) {
    if ([...list].sort().join() !== [...inputs].sort().join()) {
      throw new AppError(
        'prompt_mismatch',
        `prompts/${file}: its ${what} has inputs [${list.join(', ')}], the code gives [${inputs.join(', ')}]`,
      )
    }
  }
  const id = `${name}@${createHash('sha256').update(source).digest('hex').slice(0, 8)}`
  return { id, messages: (data) => ({ system: body.trim(), user: inputs.map((each) => fenced(id, each, data)).join('\n\n') }) }
}

/** Marks of chat templates and of our own fence are made harmless inside data. */
function fenced(prompt: string, name: string, data: Values): string {
  const value = data[name]
  if (value === undefined) throw new AppError('missing_input', `${prompt} needs <${name}>`)
  const nonce = randomBytes(4).toString('hex')
  const text = String(value)
    .replace(/<\|/g, '< |')
    .replace(/<(\/?)(\w+-[0-9a-f]{8})>/g, '‹$1$2›')
  return `<${name}-${nonce}>\n${text}\n</${name}-${nonce}>`
}

/** Sentences a person reads that no model writes. */
export type Texts = (key: string, values?: Values) => string

/** Reads `texts.<language>.md`: `## key`, then the text until the next heading. */
function readTexts(language: Language): Map<string, string> {
  const parts = read(`texts.${language}.md`).split(/^## +/m).slice(1)
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('\n')
      return [part.slice(0, end).trim(), part.slice(end + 1).trim()]
    }),
  )
}

/** @throws AppError `texts_differ` when the two languages do not have the same keys and placeholders */
export function loadTexts(): Readonly<Record<Language, Texts>> {
  const files = { zh: readTexts('zh'), en: readTexts('en') }
  const shape = (texts: Map<string, string>) =>
    [...texts]
      .map(([key, text]) => `${key}(${[...new Set([...text.matchAll(placeholder)].map((each) => each[1]))].sort()})`)
      .sort()
      .join('\n')
  if (shape(files.zh) !== shape(files.en))
    throw new AppError('texts_differ', 'prompts/texts.zh.md and texts.en.md do not have the same keys and placeholders')
  const speak =
    (language: Language): Texts =>
    (key, values = {}) => {
      const text = files[language].get(key)
      if (text === undefined) throw new AppError('missing_text', `texts.${language}.md has no “${key}”`)
      return fill(key, text, values)
    }
  return { zh: speak('zh'), en: speak('en') }
}
