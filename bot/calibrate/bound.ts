/** @returns log Γ(x) for x > 0 (Lanczos) */
function logGamma(x: number): number {
  const parts = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
    9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const sum = parts.reduce((total, part, index) => total + part / (x + index), 0.99999999999980993)
  const t = x + parts.length - 1.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

/** The continued fraction of the incomplete beta function (modified Lentz). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  let c = 1
  let d = 1 / Math.max(tiny, Math.abs(1 - ((a + b) * x) / (a + 1))) / Math.sign(1 - ((a + b) * x) / (a + 1) || 1)
  let result = d
  for (let m = 1; m <= 300; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d || tiny)
    c = 1 + even / c || tiny
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d || tiny)
    c = 1 + odd / c || tiny
    result *= d * c
    if (Math.abs(d * c - 1) < 1e-12) break
  }
  return result
}

/** Regularised incomplete beta function. */
function beta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b
}

/**
 * Clopper–Pearson: the wrong rate exceeded with probability at most `doubt` when `wrong` of `count` were wrong. Counts may be fractional:
 * weighted samples use their effective size.
 */
export function upperBound(wrong: number, count: number, doubt: number): number {
  if (count <= 0 || wrong >= count) return 1
  let [low, high] = [wrong / count, 1]
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2
    if (1 - beta(middle, wrong + 1, count - wrong) > doubt) low = middle
    else high = middle
  }
  return high
}
