// Sends a file in pieces and goes on where it was when the line was cut. The upload
// is named by what is sent, so that after a reload the same file goes on, too, and
// nothing has to be kept on this device. Without it the form sends the file whole.
import { Digest } from './digests.js'

const READ = 1024 * 1024
const PIECE = 256 * 1024
const SHORTEST_PAUSE = 1000
const LONGEST_PAUSE = 15_000

export function sendInPieces () {
  const form = document.querySelector('form[data-upload]')
  form?.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (form.dataset.busy) {
      return
    }
    form.dataset.busy = 'yes'
    await new Upload(form).go()
    delete form.dataset.busy
  })
}

class Upload {
  constructor (form) {
    this.form = form
    this.box = form.querySelector('.relais-sending')
    this.wrong = document.querySelector('#upload-wrong')
  }

  async go () {
    const file = this.form.elements.file.files[0]
    const said = this.form.dataset
    this.wrong.hidden = true
    if (!file) {
      return this.tell([said.none])
    }
    if (file.size > said.largest) {
      return this.tell([said.tooLarge])
    }
    this.box.hidden = false
    try {
      const digest = await this.digestOf(file)
      const category = this.form.elements.category.value
      const about = this.saying({ category, digest, size: file.size })
      let { upload, held } = await this.ask('begin', about)
      this.say(said.sending)
      while (held < file.size) {
        this.show(held, file.size)
        const piece = file.slice(held, held + PIECE)
        held = (await this.ask(`${upload}/pieces?offset=${held}`, piece)).held
      }
      this.show(held, file.size)
      this.say(said.cleaning)
      location.assign((await this.ask(`${upload}/finish`, this.saying({ digest }))).next)
    } catch (error) {
      this.box.hidden = true
      this.tell(error.told ?? [String(error)])
    }
  }

  async digestOf (file) {
    const digest = new Digest()
    this.say(this.form.dataset.reading)
    for (let at = 0; at < file.size; at += READ) {
      digest.add(new Uint8Array(await file.slice(at, at + READ).arrayBuffer()))
      this.show(at, file.size)
    }
    return digest.hex()
  }

  saying (fields) {
    return new URLSearchParams({ ...fields, token: this.form.elements.token.value })
  }

  // Asks until there is an answer; a refusal is one, silence and a busy node are not.
  async ask (path, body) {
    const headers = { 'Relais-Token': this.form.elements.token.value }
    for (let pause = SHORTEST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        const place = `${this.form.getAttribute('action')}/${path}`
        const answer = await fetch(place, { method: 'POST', headers, body, credentials: 'same-origin' })
        if (answer.redirected) {
          // Locked or signed out: what was sent is kept, and goes on afterwards.
          location.assign(location.pathname)
          return new Promise(() => {})
        }
        if (answer.ok) {
          return await answer.json()
        }
        if (answer.status < 500) {
          throw Object.assign(new Error(), { told: told(await answer.text()) })
        }
      } catch (error) {
        if (error.told) {
          throw error
        }
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  say (text) {
    this.box.querySelector('[role=status]').textContent = text
  }

  show (done, all) {
    this.box.querySelector('progress').value = done / all
  }

  tell (lines) {
    const body = this.wrong.querySelector('.govuk-error-summary__body')
    body.replaceChildren(...lines.map((line) => {
      const each = document.createElement('p')
      each.className = 'govuk-body'
      each.textContent = line
      return each
    }))
    this.wrong.hidden = false
    this.wrong.focus()
  }
}

// What a page of refusal says, as text.
function told (html) {
  const page = new DOMParser().parseFromString(html, 'text/html')
  const lines = [...page.querySelectorAll('main h1, main p')]
  return lines.map((each) => each.textContent.trim()).filter(Boolean)
}
