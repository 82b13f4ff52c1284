/**
 * Turns texts into vectors. The model is an argument because questions still use the old model while vectors of a new one are being built.
 */
export type Embedder = {
  /** The configured model. */
  readonly model: string
  /** Vector length requested from the service; null leaves it to the model. */
  readonly dimensions: number | null
  /** The most texts in one call. */
  readonly batch: number
  /**
   * @returns one vector of length one per text, in the order of `texts`
   * @throws EmbedderError `embedding_failed` (`retry` says whether a later try may help), `embedding_dimension`, `embedding_count`,
   * `embedding_invalid`
   */
  embed(texts: readonly string[], options: EmbedOptions): Promise<readonly (readonly number[])[]>
}

export type EmbedOptions = {
  readonly model: string
  /** Required length of the vectors; null accepts any length, as long as all are equal. */
  readonly dimensions: number | null
  /** Request that length from the service. Many models refuse the parameter, so only when a person chose it. */
  readonly chosen: boolean
  /** `question`: a person is waiting, so give up soon; `passage`: wait for a busy service. */
  readonly purpose: 'question' | 'passage'
  readonly signal?: AbortSignal | undefined
}
