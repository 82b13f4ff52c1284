import type { SearchRequest } from './evidence.ts'
import type { Parameter } from './signals/signal.ts'
import { recordWishOf, unfitRecords } from './text/record-wish.ts'
import { inForce, servesFromSql } from './validity.ts'

/** The documents a request lets through, one bit per document number, valid for one version of the documents. */
export type Filter = {
  readonly version: string
  /** `varbit` in the wire's binary form: its length in bits, then the bits */
  readonly bits: Buffer
  /** passages of these documents, hidden ones included */
  readonly passages: number
}

/** Different requests remembered per process: a few regions and kinds, today and a few other days. */
const mostRemembered = 32

/** Filters by request. Whether one is still valid is decided in the statement that uses it, under that statement's snapshot. */
export class FilterMemory {
  readonly #filters = new Map<string, Filter>()

  get(request: SearchRequest): Filter | null {
    return this.#filters.get(keyOf(request)) ?? null
  }

  set(request: SearchRequest, filter: Filter): void {
    const key = keyOf(request)
    this.#filters.delete(key)
    this.#filters.set(key, filter)
    const [oldest] = this.#filters.keys()
    if (this.#filters.size > mostRemembered && oldest !== undefined) this.#filters.delete(oldest)
  }
}

const keyOf = ({ asOf, kinds, regions, validity }: SearchRequest) => JSON.stringify([asOf, kinds ?? null, regions, validity])

/**
 * SQL: whether a document, given by number, is let through. Not `= 1`: the planner would estimate that as one row in two hundred and avoid
 * the indexes.
 */
export function letThrough(document: string): string {
  return `get_bit((select bits from filter), ${document}) > 0`
}

/**
 * SQL for three tables: `filter (version, bits, passages, fresh)`, one row; `ok (number, passages)`, the documents let through; `hidden
 * (number)`, passages that are not.
 * Asking every document of a large library costs more than the search itself, so the filter of the last search is reused until a document
 * changes: then `fresh` is the new filter as text, else null.
 */
export function filterTables(request: SearchRequest, remembered: Filter | null, parameter: Parameter): string {
  const asOf = `${parameter(request.asOf)}::date`
  const kinds = parameter(request.kinds ?? null)
  const regions = parameter(request.regions === '*' ? null : request.regions.flatMap(regionNames))
  const visibility = parameter(request.visibility)
  const version = `${parameter(remembered?.version ?? null)}::text`
  const bits = `${parameter(remembered?.bits ?? null)}::varbit`
  const passages = `${parameter(remembered?.passages ?? null)}::int`
  const wish = recordWishOf(request.text)
  // A version that was corrected before it began never applied to anybody.
  const everInForce = `(d.state = 'live' or d.ended_on > coalesce(${servesFromSql('d')}, '-infinity'))`
  // Events pass, as no document does: they are found only by whoever asks for them and knows what day it is.
  // documents: whether they have changed since the remembered filter. fresh: then the filter anew, a character per document number.
  // filter: the fresh or the remembered one. The visibility test stands twice so that the partial index on hidden passages is used.
  return `documents as materialized (
      select version, ${version} is null or version is distinct from ${version} as changed
        from (select (select value #>> '{}' from library_state where name = 'documents') as version) as now),
    fresh as materialized (
      select string_agg(case when let.number is null then '0' else '1' end, '' order by each.number) as bits, coalesce(sum(let.passages), 0)::int as passages
        from generate_series(0, (select max(number) from document)) as each (number)
        left join (
          select d.number, d.passages from document d
           where d.state in ('live', 'replaced') and ${everInForce}
             and ${request.validity === 'in_force' ? inForce('d', asOf) : `${asOf} is not null`}
             and (${kinds}::text[] is null and d.kind <> 'event' or d.kind = any(${kinds}))
             and (${regions}::text[] is null or d.regions = '{}' or d.regions && ${regions}::text[])) as let using (number)
       where (select changed from documents)),
    filter as materialized (
      select version, case when changed then coalesce(fresh.bits, '')::varbit else ${bits} end as bits, fresh.bits as fresh,
             case when changed then fresh.passages else ${passages} end as passages
        from documents cross join fresh),
    ok as (select number, passages from document where ${letThrough('number')}),
    hidden as materialized (
      select number from passage
       where (visibility > 1 or wrong_since is not null) and (visibility > ${visibility}::int or wrong_since is not null)
      ${wish === null ? '' : `union ${unfitRecords(wish, parameter)}`})`
}

/** Zones that are called by a long name where they sign and by a short one everywhere else. */
const zones: readonly (readonly string[])[] = [
  ['高新技术产业开发区', '高新区'],
  ['经济技术开发区', '经开区'],
  ['自由贸易试验区', '自贸试验区', '自贸区'],
  ['综合保税区', '综保区'],
]

const units = ['市', '省', '自治区', '特别行政区', '自治州', '地区', '区', '县']
const unit = new RegExp(`(?:${units.join('|')})$`, 'u')
/** A place without its unit; 科技园 and 新城 are no such names. */
const bare = /^\p{Script=Han}{2,4}(?<![市省区县园]|新城)$/u

/** `苏州市` is also written `苏州` and the other way round, 苏州高新区 苏州国家高新技术产业开发区. */
export function regionNames(region: string): string[] {
  const zone = zones.find((names) => names.some((name) => region.endsWith(name)))
  const called = zone?.find((name) => region.endsWith(name)) ?? ''
  const city = region.slice(0, region.length - called.length).replace(/(?:市|国家级?)*$/u, '')
  if (zone !== undefined && city.length >= 2)
    return [...new Set([region, ...zone.flatMap((name) => [city, `${city}市`, `${city}国家`].map((of) => `${of}${name}`))])]
  if (bare.test(region)) return [region, ...units.map((each) => `${region}${each}`)]
  const short = region.replace(unit, '')
  return short.length >= 2 && short !== region ? [region, short] : [region]
}

/** Pure: whether a document of these places may be quoted in a park; one without a place applies everywhere. @param park as PARK_REGION names it */
export function appliesIn(regions: readonly string[], park: readonly string[] | '*'): boolean {
  if (park === '*' || regions.length === 0) return true
  const names = new Set(park.flatMap(regionNames))
  return regions.some((each) => names.has(each))
}

/** @param bits `0101…` as the statement returned them, document 0 first */
export function filterOf(version: string, bits: string, passages: number): Filter {
  const packed = Buffer.alloc(4 + Math.ceil(bits.length / 8))
  packed.writeInt32BE(bits.length)
  for (let at = 0; at < bits.length; at++) {
    if (bits.charCodeAt(at) === 49) packed[4 + (at >> 3)] = (packed[4 + (at >> 3)] ?? 0) | (0x80 >> (at & 7))
  }
  return { version, bits: packed, passages }
}
