import { AppError } from '../../retrieval/base/errors.ts'

export type ChatMessage = { readonly role: 'system' | 'user'; readonly content: string }
export type Completion = { readonly text: string; readonly model: string; readonly tokens: number | null }

/** Codes: `model_unavailable` (retry later), `model_refused` (content filter, cut off, empty: do not). */
export class ModelError extends AppError {}

/** The port: a chat model that only phrases. It has no tools, no memory and sees nothing but these messages. */
export type Model = {
  readonly name: string
  /** @throws ModelError */
  complete(messages: readonly ChatMessage[], signal?: AbortSignal): Promise<Completion>
}
