// Compiles the console's style and gathers its scripts into built/, each under a
// name that holds a hash of its content, with manifest.json to find them by.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const govuk = join(here, 'node_modules/govuk-frontend/dist/govuk')
const source = join(here, 'source')
const built = join(here, 'built')

rmSync(built, { recursive: true, force: true })
mkdirSync(built, { recursive: true })

const style = compile(join(source, 'console.scss'), {
  loadPaths: [join(here, 'node_modules')],
  style: 'compressed',
  quietDeps: true
}).css

const manifest = {}
keep('console.css', style)
// Keeps the name that console.js imports it by.
keep('govuk.js', readFileSync(join(govuk, 'govuk-frontend.min.js')))
for (const name of readdirSync(source)) {
  if (name.endsWith('.js')) {
    const text = readFileSync(join(source, name), 'utf8')
    keep(name, text.replace("'./govuk.js'", `'./${manifest['govuk.js']}'`))
  } else if (name.endsWith('.svg')) {
    keep(name, readFileSync(join(source, name)))
  }
}
writeFileSync(join(built, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')

function keep (name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16)
  const [stem, ending] = name.split('.')
  manifest[name] = `${stem}-${hash}.${ending}`
  writeFileSync(join(built, manifest[name]), content)
}
