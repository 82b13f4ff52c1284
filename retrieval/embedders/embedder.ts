/** Turns texts into vectors. The model is an argument because, while a new one is being built, questions are still asked of the old one. */
export type Embedder = {
  /** The configured model. */
  readonly model: string
  /** Length asked of the service; null leaves it to the model. */
  readonly dimensions: number | null
  /** Most texts of one call. */
  readonly batch: number
  /**
   * @returns one vector of length one per text, in order
   * @throws EmbedderError `embedding_failed` (`retry` says whether later may help), `embedding_dimension`, `embedding_count`, `embedding_invalid`
   */
  embed(texts: readonly string[], options: EmbedOptions): Promise<readonly (readonly number[])[]>
}

export type EmbedOptions = {
  readonly model: string
  /** Length the vectors must have; null accepts what comes, all alike. */
  readonly dimensions: number | null
  /** Ask the service for that length; many models refuse the parameter, so only where a person chose it. */
  readonly chosen: boolean
  /** `question` has a person waiting and gives up soon; `passage` waits out a busy service. */
  readonly purpose: 'question' | 'passage'
  readonly signal?: AbortSignal | undefined
}
