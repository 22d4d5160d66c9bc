// SHA-256 piece by piece (FIPS 180-4): the browser's own wants all of a file at once.
const ROUNDS = new Uint32Array(64)
const BEGIN = new Uint32Array(8)
for (let number = 2, found = 0; found < 64; number++) {
  let prime = true
  for (let by = 2; by * by <= number; by++) {
    prime &&= number % by !== 0
  }
  if (prime) {
    const part = (value) => ((value - Math.floor(value)) * 2 ** 32) >>> 0
    if (found < 8) {
      BEGIN[found] = part(Math.sqrt(number))
    }
    ROUNDS[found++] = part(Math.cbrt(number))
  }
}

export class Digest {
  constructor () {
    this.state = BEGIN.slice()
    this.words = new Uint32Array(64)
    this.left = new Uint8Array(0)
    this.length = 0
  }

  add (bytes) {
    this.length += bytes.length
    let all = bytes
    if (this.left.length) {
      all = new Uint8Array(this.left.length + bytes.length)
      all.set(this.left)
      all.set(bytes, this.left.length)
    }
    const view = new DataView(all.buffer, all.byteOffset, all.length)
    let at = 0
    for (; at + 64 <= all.length; at += 64) {
      this.mix(view, at)
    }
    this.left = all.slice(at)
  }

  mix (view, at) {
    const { words, state } = this
    const turn = (value, by) => (value >>> by) | (value << (32 - by))
    for (let i = 0; i < 16; i++) {
      words[i] = view.getUint32(at + 4 * i)
    }
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15]
      const y = words[i - 2]
      words[i] = words[i - 16] + words[i - 7] +
        (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10))
    }
    let [a, b, c, d, e, f, g, h] = state
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i]) | 0
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + one) | 0
      d = c
      c = b
      b = a
      a = (one + two) | 0
    }
    for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) {
      state[i] += value
    }
  }

  hex () {
    const length = this.length
    const pad = new Uint8Array((119 - length % 64) % 64 + 9)
    pad[0] = 0x80
    new DataView(pad.buffer).setBigUint64(pad.length - 8, BigInt(length) * 8n)
    this.add(pad)
    return [...this.state].map((word) => word.toString(16).padStart(8, '0')).join('')
  }
}
