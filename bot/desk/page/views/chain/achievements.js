import { read } from '../../api.js'
import { fill, h } from '../../dom.js'
import { t } from '../../words.js'
import { badge, empty, head, sourceLink } from '../parts.js'
import { history, nextSteps, stageBadge, takeStep, undoStep } from './steps.js'

/** Achievements of the library, with how far each has come. */
export async function achievementsView(place, _, { alive }) {
  const search = h('input', {
    type: 'search',
    maxlength: '60',
    placeholder: t('achievements.search'),
    aria: { label: t('achievements.search') },
  })
  const list = h('div')
  let asked = 0

  async function refresh() {
    asked += 1
    const turn = asked
    const { achievements } = await read(`achievements?q=${encodeURIComponent(search.value.trim())}`)
    if (alive() && turn === asked)
      fill(
        list,
        achievements.length === 0
          ? empty(t('achievements.empty'), t('achievements.empty_more'))
          : h('ol.rows', {}, achievements.map(row)),
      )
  }
  search.addEventListener('input', () => void refresh())
  fill(place, head(t('menu.achievements'), search, t('achievements.sub')), list)
  await refresh()
  return { changed: refresh }
}

function row(each) {
  return h(
    'li.row',
    {},
    h(
      'a.row-main',
      { href: `#/achievement/${each.id}`, data: { row: each.id } },
      h(
        'span.row-top',
        {},
        h('span.number', {}, `A${each.id}`),
        stageBadge(each.stage),
        each.demo && badge(t('achievement.demo')),
      ),
      h('span.row-title', {}, each.title),
    ),
  )
}

/** One achievement: what happened and what can be done next. */
export async function achievementView(place, [id = ''], { alive }) {
  const path = `achievements/${encodeURIComponent(id)}`

  async function refresh() {
    const shown = await read(path)
    if (alive()) draw(shown)
  }
  const then = async (done) => {
    if (await done) await refresh()
  }
  const draw = ({ achievement, steps, next, stage }) =>
    fill(
      place,
      h(
        'div.page-head',
        {},
        h(
          'div',
          {},
          h('h1', {}, h('span.number', {}, `A${achievement.id}`), ' ', achievement.title),
          h(
            'p.case-meta',
            {},
            stageBadge(stage),
            achievement.demo && badge(t('achievement.demo')),
            achievement.document !== null &&
              h('a', { href: sourceLink(achievement.document, achievement.passage) }, t('achievement.source')),
          ),
        ),
      ),
      nextSteps(next, (step) => then(takeStep(path, step))),
      history(steps, (stage) => then(undoStep(path, stage))),
    )
  draw(await read(path))
  return { changed: refresh }
}
