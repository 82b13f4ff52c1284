/** A question as the signals see it. */
export type Question = {
  /** distinct terms without question words, each with how often it was said */
  readonly terms: readonly { readonly term: string; readonly times: number }[]
  /** unit-length vector of the question under the serving embedder, a row's number and its model's name; null without one */
  readonly vector: { readonly embedder: number; readonly model: string; readonly values: readonly number[] } | null
}

/**
 * One way to find passages. A whole search is one SQL statement, so a signal contributes SQL and parameters instead of running a query:
 * - `near` names its best passages with their scores. It must respect {@link letThrough} for documents and the table `hidden (number)` for
 * passages that are not let through;
 * - `score` is the raw score of a passage another signal found, so that evidence carries every score.
 */
export type Signal = {
  /** Key in {@link Evidence.signals} and prefix of its tables: `<name>_near (passage, score)`. */
  readonly name: string
  /** @param depth the most passages it may name @returns null when it has nothing to say about this question */
  readonly contribute: (question: Question, parameter: Parameter, depth: number) => Contribution | null
}

export type Contribution = {
  /** `… as materialized (…)` of one or more tables, ending with `<name>_near` */
  readonly near: string
  /** an expression: the score of row `p` of table passage; null when it has none */
  readonly score: string
}

/** Adds a value to the statement. @returns its placeholder, e.g. `$7` */
export type Parameter = (value: unknown) => string
