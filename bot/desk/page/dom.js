// Text written by anybody is inserted as text, never as markup; this module offers no other way.

/**
 * @param {string} what `tag.class.class`
 * @param {Record<string, unknown>} [props] `on…` listeners, `data`/`aria` objects, booleans, or plain attributes
 * @param {...unknown} children nodes, texts, lists of both; null, false and undefined are left out
 */
export function h(what, props = {}, ...children) {
  const [tag, ...classes] = what.split('.')
  const made = document.createElement(tag)
  if (classes.length > 0) made.className = classes.join(' ')
  for (const [name, value] of Object.entries(props)) set(made, name, value)
  made.append(...nodes(children))
  return made
}

function set(made, name, value) {
  if (value === undefined || value === null || value === false) return
  if (name.startsWith('on')) made.addEventListener(name.slice(2), value)
  else if (name === 'data') Object.assign(made.dataset, value)
  else if (name === 'aria') for (const [each, said] of Object.entries(value)) made.setAttribute(`aria-${each}`, String(said))
  else if (name === 'value') made.value = value
  else if (name === 'href') made.setAttribute('href', ownAddress(value))
  else made.setAttribute(name, value === true ? '' : String(value))
}

/** Links lead inside the desk only; an address somebody wrote is shown as text. */
function ownAddress(value) {
  return /^(?:#|\/)/.test(value) && !value.startsWith('//') ? value : '#/queue'
}

function nodes(children) {
  return children
    .flat(3)
    .filter((each) => each !== null && each !== undefined && each !== false)
    .map((each) => (each instanceof Node ? each : document.createTextNode(String(each))))
}

/** Replaces the content of `place`. */
export function fill(place, ...children) {
  place.replaceChildren(...nodes(children))
}

/** Announces something to screen readers. */
export function announce(text) {
  const place = document.getElementById('announce')
  place.textContent = ''
  // A screen reader speaks only what changes.
  requestAnimationFrame(() => {
    place.textContent = text
  })
}

/**
 * A dialog that answers once: resolves with what `form` gave, or null when it was dismissed. What `act` refuses, with words that say why,
 * leaves the form open as it was filled in.
 */
export function ask(title, body, { submit, cancel, danger = false, read = () => true, act = async () => null }) {
  return new Promise((resolve, reject) => {
    let answer = null
    const problem = h('p.ask-problem', { role: 'alert' })
    const send = h(danger ? 'button.danger' : 'button.primary', { type: 'submit' }, submit)
    const submitted = async (event) => {
      event.preventDefault()
      if (send.disabled) return
      const given = read()
      if (given === null) return
      send.disabled = true
      try {
        const why = await act(given)
        problem.textContent = why ?? ''
        if (why !== null) return
        answer = given
        dialog.close()
      } catch (error) {
        reject(error)
        dialog.close()
      } finally {
        send.disabled = false
      }
    }
    const dialog = h(
      'dialog.ask',
      {
        aria: { label: title },
        onclose: () => {
          dialog.remove()
          resolve(answer)
        },
      },
      h(
        'form',
        { onsubmit: submitted },
        h('h2', {}, title),
        h('div.ask-body', {}, body),
        problem,
        h('div.ask-buttons', {}, h('button.quiet', { type: 'button', onclick: () => dialog.close() }, cancel), send),
      ),
    )
    document.body.append(dialog)
    dialog.showModal()
    dialog.querySelector('[autofocus], input, select, textarea')?.focus()
  })
}

/** A short message that disappears by itself; a newer one takes its place, or an old failure would stand beside a success. */
export function toast(text, kind = 'ok') {
  const place = document.getElementById('toasts')
  const made = h(`p.toast.${kind}`, {}, text)
  place.replaceChildren(made)
  setTimeout(() => made.remove(), kind === 'bad' ? 12_000 : 4_000)
}
