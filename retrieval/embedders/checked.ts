import { AppError } from '../base/errors.ts'

/** An embedding service that is down or answers wrongly; codes are listed at {@link checkedVectors} and {@link Embedder}. */
export class EmbedderError extends AppError {}

/** The limit of pgvector's `vector` and `halfvec`. */
const mostDimensions = 16_000

/**
 * Checks vectors as a service returned them and scales each to length one.
 * @throws EmbedderError `embedding_count`, `embedding_dimension`, `embedding_invalid`
 */
export function checkedVectors(
  vectors: readonly ArrayLike<number>[],
  expected: { readonly count: number; readonly dimensions: number | null },
): number[][] {
  if (vectors.length !== expected.count) {
    throw new EmbedderError(
      'embedding_count',
      `the embedding service gave ${vectors.length} vectors for ${expected.count} texts`,
      {
        hint: 'Check that OPENAI_BASE_URL serves embeddings in the OpenAI shape.',
      },
    )
  }
  const dimensions = expected.dimensions ?? vectors[0]?.length ?? 0
  const wrong = vectors.find((each) => each.length !== dimensions)
  if (wrong) {
    throw new EmbedderError(
      'embedding_dimension',
      `the embedding service gave a vector of ${wrong.length} numbers where ${dimensions} were expected`,
      {
        hint: 'Set EMBEDDING_DIMENSIONS to a length the model can give, or remove it; EMBEDDING_MODEL may have changed behind its name.',
      },
    )
  }
  if (dimensions > mostDimensions) {
    throw new EmbedderError(
      'embedding_dimension',
      `the embedding service gave a vector of ${dimensions} numbers; the database keeps at most ${mostDimensions}`,
      { hint: 'Set EMBEDDING_DIMENSIONS to a smaller length, or EMBEDDING_MODEL to a model with shorter vectors.' },
    )
  }
  return vectors.map((each) => unit(Array.from(each)))
}

function unit(vector: readonly number[]): number[] {
  const length = Math.sqrt(vector.reduce((sum, each) => sum + each * each, 0))
  // `null` among the numbers would count as zero.
  if (!vector.every(Number.isFinite) || !Number.isFinite(length) || length === 0) {
    throw new EmbedderError('embedding_invalid', 'the embedding service gave a vector that is zero or not a number', {
      hint: 'Check the model behind EMBEDDING_MODEL; `npm run doctor` tries it.',
      retry: true,
    })
  }
  return vector.map((each) => each / length)
}
