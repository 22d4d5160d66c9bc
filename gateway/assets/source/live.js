// Keeps a list up to date while somebody looks at it. The gateway says only that
// something changed; the page fetches itself, and shows it unless somebody is in
// the middle of the list. Without a stream it asks every minute.
const MINUTE = 60_000
const SILENCE = 45_000
const PAUSE = 3_000

const alone = { headers: { 'Relais-Unattended': '1' }, credentials: 'same-origin' }
const news = document.querySelector('.relais-news')
let known = 0
let shown = 0
let stream
let timer
let busy = false

export function keepUpToDate () {
  if (!part()) {
    return
  }
  known = shown = Number(part().dataset.known)
  // A page that nobody sees holds no stream.
  document.addEventListener('visibilitychange', () => {
    document.hidden ? rest() : listen()
  })
  addEventListener('pagehide', rest)
  if (!document.hidden) {
    listen()
  }
}

function part () {
  return document.querySelector('[data-live]')
}

function listen () {
  rest()
  stream = new EventSource(`/events?known=${known}`)
  stream.addEventListener('still', hear)
  stream.addEventListener('change', hear)
  stream.addEventListener('over', ask)
  stream.addEventListener('full', ask)
  stream.addEventListener('error', ask)
  wait(ask, SILENCE)
}

function hear (event) {
  wait(ask, SILENCE)
  learn(Number(event.lastEventId))
}

// No stream, or none any more: asks once, and in a minute tries a stream again.
async function ask () {
  rest()
  try {
    const found = await fetch('/changes', alone)
    if (found.redirected) {
      return cover()
    }
    learn((await found.json()).size)
  } catch {
    // The line is down; the list stays as it is.
  }
  wait(listen, MINUTE)
}

function learn (size) {
  known = Math.max(known, size)
  if (known > shown && !busy) {
    refresh()
  }
}

async function refresh () {
  busy = true
  try {
    const seen = known
    const found = await fetch(location.href, alone)
    if (found.redirected) {
      return cover()
    }
    if (found.ok) {
      show(new DOMParser().parseFromString(await found.text(), 'text/html'))
      shown = seen
    }
  } catch {
    // As above; the next word of a change or of the minute tries again.
  }
  // Many changes at once are shown together.
  setTimeout(() => {
    busy = false
    learn(known)
  }, PAUSE)
}

function show (fresh) {
  const old = part()
  const now = fresh.querySelector('[data-live]')
  const same = rows(now) === rows(old)
  if (!inUse(old)) {
    old.replaceWith(document.adoptNode(now))
    news.textContent = same ? news.textContent : news.dataset.news
  } else if (!same) {
    const link = document.createElement('a')
    link.href = location.href
    link.className = 'govuk-link'
    link.textContent = news.dataset.show
    news.replaceChildren(`${news.dataset.waits} `, link)
  }
}

// What a list shows but for the time that is left, which changes by itself.
function rows (list) {
  const copy = list.cloneNode(true)
  copy.querySelectorAll('[data-passing]').forEach((each) => each.remove())
  return copy.textContent.replace(/\s+/g, ' ')
}

function inUse (list) {
  const chosen = getSelection()
  return list.contains(document.activeElement) ||
    list.querySelector('input:checked') !== null ||
    list.querySelector('a:hover') !== null ||
    (chosen !== null && !chosen.isCollapsed && list.contains(chosen.anchorNode))
}

// Locked, or over: this page is not to be read any longer.
function cover () {
  document.querySelector('main').hidden = true
  location.reload()
}

function wait (then, time) {
  clearTimeout(timer)
  timer = setTimeout(then, time)
}

function rest () {
  clearTimeout(timer)
  stream?.close()
}
