// Compiles the console's style and gathers its script into built/, each under a
// name that holds a hash of its content, with manifest.json to find them by. One
// file of each: on a far line every further one costs a round trip or a handshake.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const installed = join(here, 'node_modules')
const source = join(here, 'source')
const built = join(here, 'built')

rmSync(built, { recursive: true, force: true })
mkdirSync(built, { recursive: true })

const style = compile(join(source, 'console.scss'), {
  loadPaths: [installed],
  style: 'compressed',
  quietDeps: true
}).css

const manifest = {}
keep('console.css', style)
const script = gathered(join(source, 'console.js'), new Set())
// Says at once if two modules declare the same name.
Function(`'use strict'; { ${script} }`)
keep('console.js', script)
keep('mark.svg', readFileSync(join(source, 'mark.svg')))
writeFileSync(join(built, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')

// A module after all that it imports, each once. They share one scope.
function gathered (file, known) {
  if (known.has(file)) {
    return ''
  }
  known.add(file)
  const before = []
  const text = readFileSync(file, 'utf8')
    .replace(/^import \{([^}]*)\} from '([^']+)';?\n/gm, (all, names, from) => {
      if (/\bas\b/.test(names)) {
        throw new Error(`${file} imports under another name: ${all}`)
      }
      const near = from.startsWith('.')
      before.push(gathered(near ? resolve(dirname(file), from) : join(installed, from), known))
      return ''
    })
    .replace(/^export \{[^}]*\};?\n/gm, '')
    .replace(/^export (?=(async )?function|const|class)/gm, '')
    .replace(/\/\*\*[\s\S]*?\*\/\n?|^\s*\/\/.*\n?|^\s+/gm, '')
  return before.join('') + text
}

function keep (name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16)
  const [stem, ending] = name.split('.')
  manifest[name] = `${stem}-${hash}.${ending}`
  writeFileSync(join(built, manifest[name]), content)
}
