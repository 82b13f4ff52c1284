// Keyboard first: single letters act where nobody types; j and k move through the list that is shown.

const actions = new Map()

/** Sets the letters of the current view; they replace those of the view before. */
export function setKeys(table) {
  actions.clear()
  for (const [key, act] of Object.entries(table)) actions.set(key, act)
}

const typing = (target) => target.closest?.('input, textarea, select, [contenteditable]') !== null

/** @param always keys that work on every page */
export function listen(always) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (typing(event.target)) {
      if (event.key === 'Escape') event.target.blur()
      return
    }
    if (document.querySelector('dialog[open]') !== null) return
    const act = steps[event.key] ?? actions.get(event.key) ?? always[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  })
}

const steps = { j: () => walk(1), k: () => walk(-1) }

/** Moves focus to the next or previous row. Without a list nothing happens. */
function walk(step) {
  const rows = [...document.querySelectorAll('#main [data-row]')]
  if (rows.length === 0) return
  const at = rows.findIndex((row) => row.contains(document.activeElement))
  const to = at === -1 ? (step > 0 ? 0 : rows.length - 1) : at + step
  const next = rows[Math.min(Math.max(to, 0), rows.length - 1)]
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
}

/** @returns the id of the focused row, or of the first */
export function focusedRow() {
  const row = document.activeElement?.closest?.('[data-row]') ?? document.querySelector('#main [data-row]')
  return row?.dataset.row ?? null
}
