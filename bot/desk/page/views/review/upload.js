import { Refused, read } from '../../api.js'
import { announce, fill, h } from '../../dom.js'
import { has, t } from '../../words.js'
import { badge, statusBadge } from '../parts.js'
import { doubtWords } from '../review-field.js'

const againMs = 1000

/** A drop area for files: each is sent at once, and the list shows progress and result. */
export function uploadBox({ alive, done }) {
  const sending = []
  let [kept, most, asked] = [[], 0, false]
  const list = h('ol.plain-list.uploads', { aria: { live: 'polite' } })
  const input = h('input', { type: 'file', multiple: true, id: 'upload-files', onchange: () => take(input.files) })
  const box = h(
    'section.upload',
    {
      aria: { label: t('upload.title') },
      ondragover: (event) => over(event, true),
      ondragleave: (event) => over(event, false),
      ondrop: (event) => {
        over(event, false)
        take(event.dataTransfer.files)
      },
    },
    h(
      'div.upload-ask',
      {},
      h('label.primary.button', { for: 'upload-files' }, t('upload.choose')),
      input,
      h('p.quiet-text', {}, t('upload.hint')),
    ),
    list,
  )

  function over(event, is) {
    event.preventDefault()
    box.classList.toggle('over', is)
  }

  function take(files) {
    for (const file of [...files]) void give(file)
    input.value = ''
  }

  async function give(file) {
    const one = { name: file.name, share: 0, code: null }
    sending.unshift(one)
    if (file.size > most && most > 0) one.code = 'too_large'
    else if (file.size === 0) one.code = 'empty'
    else
      try {
        await put(file, (share) => {
          one.share = share
          draw()
        })
        sending.splice(sending.indexOf(one), 1)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        one.code = error.code
      }
    draw()
    void refresh()
  }

  async function refresh() {
    const said = await read('uploads')
    const before = kept.filter((each) => each.state !== 'done').map((each) => each.id)
    ;[kept, most] = [said.uploads, said.mostBytes]
    if (!alive()) return
    const finished = kept.filter((each) => each.state === 'done' && before.includes(each.id))
    for (const each of finished) announce(`${each.name} ${resultWords(each.outcome)}`)
    draw()
    if (finished.length > 0) done()
    if (asked || kept.every((each) => each.state === 'done')) return
    asked = true
    setTimeout(() => {
      asked = false
      if (alive()) void refresh()
    }, againMs)
  }

  const draw = () => fill(list, sending.map(sendingRow), kept.map(keptRow))
  void refresh()
  return box
}

/** XMLHttpRequest, because only it reports upload progress. */
function put(file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.upload.addEventListener('progress', (event) => event.lengthComputable && progress(event.loaded / event.total))
    request.addEventListener('load', () => {
      const said = parsed(request.responseText)
      if (request.status === 200) resolve(said)
      else reject(new Refused(request.status, request.status === 413 ? 'too_large' : (said.error ?? 'failed'), said))
    })
    request.addEventListener('error', () => reject(new Refused(0, 'offline', {})))
    request.open('POST', `/desk/api/uploads?name=${encodeURIComponent(file.name)}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.send(file)
  })
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

function sendingRow({ name, share, code }) {
  const state =
    code === null
      ? h('progress', { max: '1', value: String(share), aria: { label: t('upload.sending') } })
      : h('span.bad-text', {}, refusedWords(code))
  return h('li.upload-row', {}, h('span.file', {}, name), state)
}

function keptRow({ name, state, outcome }) {
  if (state !== 'done') return h('li.upload-row', {}, h('span.file', {}, name), h('span.quiet-text', {}, t(`upload.${state}`)))
  const { document_id: id } = outcome
  const page = outcome.outcome === 'needs_review' ? 'review' : 'source'
  return h(
    'li.upload-row',
    {},
    h('span.file', {}, name),
    id === null
      ? h('span.bad-text', {}, resultWords(outcome))
      : h(
          'span.upload-result',
          {},
          badge(resultWords(outcome), outcome.outcome === 'needs_review' ? 'warn' : 'ok'),
          outcome.status !== null && outcome.outcome !== 'needs_review' && statusBadge(outcome.status),
          h('a', { href: `#/${page}/${encodeURIComponent(id)}` }, outcome.title),
          outcome.doubts.length > 0 && h('span.quiet-text', {}, [...new Set(outcome.doubts.map(doubtWords))].join('、')),
        ),
  )
}

const resultWords = ({ outcome, error }) => (error === null ? t(`upload.${outcome}`) : refusedWords(error.code))

const refusedWords = (code) => t(has(`refused.${code}`) ? `refused.${code}` : 'refused.other')
