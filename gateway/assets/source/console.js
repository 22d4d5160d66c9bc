// What makes the console smoother where scripts run; every page works without.
import { ErrorSummary } from 'govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs'
import { NotificationBanner } from 'govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs'
import { PasswordInput } from 'govuk-frontend/dist/govuk/components/password-input/password-input.mjs'
import { SkipLink } from 'govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs'
import { keepUpToDate } from './live.js'
import { offerPasskeys } from './passkeys.js'
import { sendInPieces } from './uploads.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')

// A press on a button that sends is one act, however often it is pressed. Where
// nothing came back for so long, it may be pressed again: the same form is the same
// act at the node, too.
const NO_ANSWER = 10_000

for (const form of document.querySelectorAll('form[method="post"]:not([data-again])')) {
  form.addEventListener('submit', (event) => {
    if (Date.now() - Number(form.dataset.sent ?? 0) < NO_ANSWER) {
      event.preventDefault()
    } else {
      form.dataset.sent = Date.now()
    }
  })
}
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent
  }
})

// Leaving at once: the page goes from the screen before the request is made.
const leave = document.querySelector('[data-leave]')
if (leave) {
  leave.addEventListener('submit', () => {
    document.querySelector('main').hidden = true
    document.title = leave.dataset.leave
  })
}

offerPasskeys()
keepUpToDate()
sendInPieces()
for (const Part of [ErrorSummary, NotificationBanner, PasswordInput, SkipLink]) {
  for (const each of document.querySelectorAll(`[data-module="${Part.moduleName}"]`)) {
    new Part(each)
  }
}
