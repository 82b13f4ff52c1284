import { AppError } from '../../retrieval/base/errors.ts'

export type ChatMessage = { readonly role: 'system' | 'user'; readonly content: string }
/** Tokens as the service counted them, else estimated. */
export type Tokens = { readonly input: number; readonly output: number }
export type Completion = { readonly text: string; readonly model: string; readonly tokens: Tokens }
export type Completing = {
  readonly signal?: AbortSignal
  /** Called with the whole text so far whenever it has grown; starts over when another try or model begins. */
  readonly onText?: (whole: string) => void
}

/**
 * Codes: `model_unavailable` (429, 5xx, no connection; retry), `model_slow` (nothing came in time), `model_cut` (the stream ended early),
 * `model_refused` (content filter, length, tool call, empty: a retry would give the same), `model_denied` (key or quota; tell the
 * operator), `model_budget` (a cap is reached), `model_missing` (its package is not installed).
 */
export class ModelError extends AppError {
  readonly retryAfterMs: number | undefined
  constructor(
    code: 'model_unavailable' | 'model_slow' | 'model_cut' | 'model_refused' | 'model_denied' | 'model_budget' | 'model_missing',
    message: string,
    options: { hint?: string; cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(code, message, {
      ...(options.hint === undefined ? {} : { hint: options.hint }),
      retry: code === 'model_unavailable' || code === 'model_cut',
      cause: options.cause,
    })
    this.retryAfterMs = options.retryAfterMs
  }
}

/** The port: a chat model that only phrases. It has no tools and no memory, and sees nothing but these messages. */
export type Model = {
  readonly name: string
  /** @throws ModelError */
  complete(messages: readonly ChatMessage[], options?: Completing): Promise<Completion>
}

/** A rough count for services that report none: one Chinese character or four Latin letters are about one token. */
export function estimatedTokens(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  return Math.ceil(han + (text.length - han) / 4)
}
