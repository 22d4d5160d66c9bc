// What makes the console smoother where scripts run; every page works without.
import { initAll } from './govuk.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()

// A press on a button that sends is one act, however often it is pressed.
for (const form of document.querySelectorAll('form[method="post"]:not([data-again])')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent === 'true') {
      event.preventDefault()
    }
    form.dataset.sent = 'true'
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
