/** A question as the signals see it. */
export type Question = {
  /** distinct terms, question words stripped, with how often each was said */
  readonly terms: readonly { readonly term: string; readonly times: number }[]
  /** the question's unit-length vector under the embedder that serves; null without one */
  readonly vector: { readonly embedder: number; readonly values: readonly number[] } | null
}

/**
 * One way to find passages. A search is one statement, so a signal gives SQL and its parameters, not a query of its own:
 * - `near` names its best passages with their scores; it may use {@link letThrough} for documents and the table `hidden (number)` of passages
 *   that are not let through, and must respect both;
 * - `score` then gives the raw score of what another signal found, so that evidence carries every score.
 */
export type Signal = {
  /** Key in {@link Evidence.signals} and prefix of its tables: `<name>_near (passage, score)`. */
  readonly name: string
  /**
   * @param depth passages it may name
   * @returns null when it has nothing to say to this question
   */
  readonly contribute: (question: Question, parameter: Parameter, depth: number) => Contribution | null
}

export type Contribution = {
  /** `… as materialized (…)` of one or more tables, ending with `<name>_near` */
  readonly near: string
  /** an expression: the score of the row `p` of table passage, null when it has none */
  readonly score: string
}

/** Adds a value to the statement. @returns its placeholder, `$7` */
export type Parameter = (value: unknown) => string
