// Passkeys: makes one, or asks for one, where the browser knows how. The forms are
// hidden until then, and what stands beside them works without this.
const knows = globalThis.PublicKeyCredential
const both = ['parseRequestOptionsFromJSON', 'parseCreationOptionsFromJSON']

export function offerPasskeys () {
  if (!both.every((each) => typeof knows?.[each] === 'function')) {
    return
  }
  for (const part of document.querySelectorAll('[data-passkey]')) {
    part.hidden = false
    offer(part, part.querySelector('form'), part.querySelector('[role="status"]'))
  }
}

function offer (part, form, status) {
  let asking = false
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (asking) {
      return
    }
    asking = true
    status.textContent = ''
    try {
      const options = await optionsFor(part.dataset.options, form.elements.token.value)
      if (options) {
        const answer = await answered(part.dataset.passkey, options)
        form.elements.credential.value = JSON.stringify(answer)
        form.submit()
      }
    } catch (error) {
      status.textContent = said(part, error)
      asking = false
    }
  })
}

async function optionsFor (path, token) {
  const body = new URLSearchParams({ token })
  const found = await fetch(path, { method: 'POST', body, credentials: 'same-origin' })
  if (found.redirected) {
    // The session is locked or over, or a recent proof comes first.
    location.assign(found.url)
    return null
  }
  if (!found.ok) {
    throw new Error(String(found.status))
  }
  return found.json()
}

async function answered (what, options) {
  if (what === 'make') {
    const publicKey = knows.parseCreationOptionsFromJSON(options)
    return (await navigator.credentials.create({ publicKey })).toJSON()
  }
  const publicKey = knows.parseRequestOptionsFromJSON(options)
  return (await navigator.credentials.get({ publicKey })).toJSON()
}

function said (part, error) {
  switch (error.name) {
    case 'NotAllowedError':
    case 'AbortError':
      return part.dataset.cancelled
    case 'InvalidStateError':
      return part.dataset.known
    default:
      return part.dataset.failed
  }
}
