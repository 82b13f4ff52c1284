/** Reads question and passages together and rates how well each answers. */
export type Reranker = {
  readonly name: string
  /** @returns one relevance per text, in the order of `texts`; larger is better. @throws AppError `reranker_failed` */
  rerank(question: string, texts: readonly string[], signal?: AbortSignal): Promise<readonly number[]>
}
