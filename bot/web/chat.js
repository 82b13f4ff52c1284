// Plain modules, no framework. Text written by anybody is inserted as text, never as markup.

const messages = document.getElementById('messages')
const form = document.getElementById('form')
const text = document.getElementById('text')
const notice = document.getElementById('notice')
const words = {
  zh: {
    hello: '您好，请直接用自己的话提问。例如：',
    lost: '连接断开，正在重连…',
    failed: '没有发出去，请再试一次。',
    many: '发得太快了，请稍等一分钟。',
    thinking: '正在查找…',
    delivered: '已送达，有答复会显示在这里。',
    human: '转人工',
    other: 'English',
    hint: '输入问题，回车发送',
  },
  en: {
    hello: 'Hello. Ask in your own words, for example:',
    lost: 'Connection lost, reconnecting…',
    failed: 'Not sent, please try again.',
    many: 'That was too fast, please wait a minute.',
    thinking: 'Looking it up…',
    delivered: 'Delivered; an answer will show here.',
    human: 'human',
    other: '中文',
    hint: 'Your question; Enter sends it',
  },
}
const examples = {
  zh: ['小微企业技术合同登记最多奖多少？', '有没有耐酸碱的纳滤膜成果？', '概念验证项目怎么申请？'],
  en: ['What support is there for pilot-scale testing?', 'Do you have nanofiltration membranes?'],
}
let language = navigator.language.startsWith('zh') ? 'zh' : 'en'

function element(name, className, content) {
  const made = document.createElement(name)
  if (className) made.className = className
  if (content !== undefined) made.textContent = content
  return made
}

function show(author, fill) {
  document.querySelector('.waiting')?.remove()
  const row = element('div', `message ${author}`)
  const bubble = element('div')
  fill(bubble)
  row.append(bubble)
  messages.append(row)
  // A long answer is shown from its beginning.
  row.scrollIntoView({ block: row.offsetHeight > messages.clientHeight ? 'start' : 'end' })
  return row
}

function line(block) {
  const made = element('p', block.type)
  if (block.type === 'list_item') made.append('· ')
  for (const span of block.spans) made.append(typeof span === 'string' ? span : element('b', '', span.bold ?? span.link))
  return made
}

function choices(buttons, press) {
  const list = element('div', 'buttons')
  for (const button of buttons) {
    const made = element('button', '', button.label)
    made.type = 'button'
    made.addEventListener('click', () => press(button, list))
    list.append(made)
  }
  return list
}

/** The preview: whole sentences, replaced by the message itself when it comes. */
function preview({ id, text: said }) {
  const lines = said.split('\n').map((each) => element('p', '', each))
  const open = document.querySelector('.preview')
  if (open?.dataset.id === id) return open.firstElementChild.replaceChildren(...lines)
  open?.remove()
  const row = show('bot', (bubble) => bubble.append(...lines))
  row.classList.add('preview')
  row.dataset.id = id
}

function showBlocks({ blocks, buttons }) {
  document.querySelector('.preview')?.remove()
  show('bot', (bubble) => {
    bubble.append(...blocks.map(line))
    for (const row of buttons) {
      bubble.append(
        choices(row, (button, list) => {
          for (const each of list.querySelectorAll('button')) each.disabled = true
          void post({ button: button.data }, button.label)
        }),
      )
    }
  })
}

function showText(author, said) {
  show(author, (bubble) => {
    for (const line of said.split('\n')) bubble.append(element('p', '', line))
  })
}

function welcome() {
  show('bot', (bubble) => {
    bubble.append(element('p', '', words[language].hello))
    const shown = examples[language].map((example) => ({ label: example }))
    bubble.append(choices(shown, ({ label }) => void post({ text: label }, label)))
  }).classList.add('welcome')
}

function say(problem) {
  notice.textContent = problem
  notice.hidden = problem === ''
}

async function post(body, shown) {
  showText('person', shown)
  const waiting = show('bot', (bubble) => bubble.append(element('p', '', words[language].thinking)))
  waiting.classList.add('waiting')
  const payload = JSON.stringify({ id: crypto.randomUUID(), ...body })
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const answer = await fetch('/chat/messages', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: payload,
      })
      if (answer.ok) {
        // While a broker has the turn nothing is looked up: the words are theirs to answer.
        setTimeout(() => waiting.firstElementChild?.replaceChildren(element('p', '', words[language].delivered)), 8_000)
        return say('')
      }
      if (answer.status === 429) {
        waiting.remove()
        return say(words[language].many)
      }
    } catch {
      // network failure: tried again below with the same id, so nothing is sent twice
    }
    await new Promise((resolve) => setTimeout(resolve, 600))
  }
  waiting.remove()
  say(words[language].failed)
}

function submit() {
  const said = text.value.trim()
  if (said === '') return
  text.value = ''
  grow()
  void post({ text: said }, said)
}

function grow() {
  text.style.height = 'auto'
  text.style.height = `${text.scrollHeight + 2}px`
}

function translate() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  for (const each of document.querySelectorAll('[data-zh]')) each.textContent = each.dataset[language]
  document.getElementById('language').textContent = words[language].other
  text.placeholder = words[language].hint
  if (document.querySelector('.welcome') !== null && messages.children.length === 1) {
    messages.replaceChildren()
    welcome()
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  submit()
})
text.addEventListener('input', grow)
text.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault()
    submit()
  }
})
document
  .getElementById('human')
  .addEventListener('click', () => void post({ text: words[language].human }, words[language].human))
document.getElementById('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh'
  translate()
})

const events = new EventSource('/chat/events')
events.addEventListener('transcript', (event) => {
  messages.replaceChildren()
  const lines = JSON.parse(event.data)
  for (const line of lines) showText(line.author === 'person' ? 'person' : 'bot', line.text)
  if (lines.length === 0) welcome()
  say('')
})
events.addEventListener('message', (event) => showBlocks(JSON.parse(event.data)))
events.addEventListener('preview', (event) => preview(JSON.parse(event.data)))
events.addEventListener('error', () => say(words[language].lost))
translate()
