import { type FeatureName, type Features, featureNames } from '../judge/features.ts'
import type { ConfidenceModel } from '../judge/judge.ts'

export type Example = { readonly features: Features; readonly right: boolean; readonly mass: number }

const ridge = 0.002
const rounds = 60

/** Fits a logistic model by Newton's method on standardised features; every set should bring the same total mass. */
export function logisticModel(examples: readonly Example[], fittedOn: readonly string[], date: string): ConfidenceModel {
  const total = examples.reduce((sum, each) => sum + each.mass, 0)
  const scales = featureNames.map((name) => spread(examples, name, total))
  const rows = examples.map((each) => [1, ...scales.map(({ name, mean, scale }) => (each.features[name] - mean) / scale)])
  let weights = new Array<number>(featureNames.length + 1).fill(0)
  for (let round = 0; round < rounds; round += 1) {
    const step = newton(rows, examples, weights, total)
    weights = weights.map((weight, index) => weight - (step[index] ?? 0))
    if (Math.max(...step.map(Math.abs)) < 1e-7) break
  }
  return {
    version: 1,
    fittedOn,
    date,
    bias: digits(weights[0] ?? 0),
    features: scales.map(({ name, mean, scale }, index) => ({
      name,
      weight: digits(weights[index + 1] ?? 0),
      mean: digits(mean),
      scale: digits(scale),
    })),
    threshold: 1,
  }
}

function digits(value: number): number {
  return Number(value.toPrecision(6))
}

function spread(
  examples: readonly Example[],
  name: FeatureName,
  total: number,
): { name: FeatureName; mean: number; scale: number } {
  const mean = examples.reduce((sum, each) => sum + each.features[name] * each.mass, 0) / total
  const variance = examples.reduce((sum, each) => sum + (each.features[name] - mean) ** 2 * each.mass, 0) / total
  return { name, mean, scale: Math.sqrt(variance) || 1 }
}

/** One Newton step of the penalised log likelihood; the intercept is not penalised. */
function newton(
  rows: readonly (readonly number[])[],
  examples: readonly Example[],
  weights: readonly number[],
  total: number,
): number[] {
  const size = weights.length
  const gradient = weights.map((weight, index) => (index === 0 ? 0 : ridge * weight))
  const curvature = Array.from({ length: size }, (_, a) =>
    Array.from({ length: size }, (__, b) => (a !== b ? 0 : a === 0 ? 1e-9 : ridge)),
  )
  for (const [at, row] of rows.entries()) {
    const example = examples[at]
    if (example !== undefined) addExample(row, example, weights, total, gradient, curvature)
  }
  return solve(curvature, gradient)
}

/** Adds one example's share to the gradient and to the lower half of the curvature. */
function addExample(
  row: readonly number[],
  example: Example,
  weights: readonly number[],
  total: number,
  gradient: number[],
  curvature: number[][],
): void {
  const guess = 1 / (1 + Math.exp(-row.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0)))
  const mass = example.mass / total
  for (const [a, value] of row.entries()) {
    gradient[a] = (gradient[a] ?? 0) + mass * (guess - (example.right ? 1 : 0)) * value
    const line = curvature[a] ?? []
    for (let b = 0; b <= a; b += 1) line[b] = (line[b] ?? 0) + mass * guess * (1 - guess) * value * (row[b] ?? 0)
  }
}

/** Cholesky: the matrix is symmetric and positive definite, and only its lower half is filled. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length
  const lower: number[][] = matrix.map(() => [])
  const at = (row: number, column: number) => lower[row]?.[column] ?? 0
  const dot = (row: number, column: number) =>
    Array.from({ length: column }, (_, k) => at(row, k) * at(column, k)).reduce((sum, each) => sum + each, 0)
  for (const [row, line] of lower.entries()) {
    for (let column = 0; column <= row; column += 1) {
      const rest = (matrix[row]?.[column] ?? 0) - dot(row, column)
      line[column] = row === column ? Math.sqrt(Math.max(rest, 1e-12)) : rest / at(column, column)
    }
  }
  const half: number[] = []
  for (let row = 0; row < size; row += 1) {
    half.push(((right[row] ?? 0) - half.reduce((sum, value, k) => sum + at(row, k) * value, 0)) / at(row, row))
  }
  const result = new Array<number>(size).fill(0)
  for (let row = size - 1; row >= 0; row -= 1) {
    const known = result.reduce((sum, value, k) => (k > row ? sum + at(k, row) * value : sum), 0)
    result[row] = ((half[row] ?? 0) - known) / at(row, row)
  }
  return result
}
