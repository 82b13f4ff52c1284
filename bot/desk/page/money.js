const units = { 千: 1e3, 万: 1e4, 百万: 1e6, 千万: 1e7, 亿: 1e8 }

/** A sum as people write it (300000, 300,000, 30万, 1.5亿元) in yuan; null when it is none. */
export function yuanIn(text) {
  const [, digits, unit] =
    /^[¥￥]?(\d+(?:\.\d+)?)(千万|百万|千|万|亿)?元?$/.exec(text.normalize('NFKC').replace(/[\s,，]/g, '')) ?? []
  return digits === undefined ? null : Math.round(Number(digits) * (units[unit] ?? 1) * 100) / 100
}
