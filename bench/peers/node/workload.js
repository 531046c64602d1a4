// Workload R in Node: the same entries as ../workload.py.
'use strict'
const { createHash } = require('crypto')

const AUTHORS = 50
const TEXT_BYTES = 65536
const LETTERS = 'eeeeaaaaoooiiiuuttttnnnnrrrrssssdddllmmmcckkppbbggvvhhfzjyw     '

/** @returns {{author: number, text: Buffer}[]} entries 0 to n - 1 */
function entries(n) {
  let state = 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  let text = ''
  for (let i = 0; i < TEXT_BYTES; i++) text += LETTERS[next() >>> 26]
  const list = []
  for (let i = 0; i < n; i++) {
    const author = next() % AUTHORS
    const size = 300 + (next() % 201)
    const start = next() % (TEXT_BYTES - 512)
    list.push({ author, text: Buffer.from(String(i).padStart(8, '0') + ' ' + text.slice(start, start + size - 9)) })
  }
  return list
}

function digest(n) {
  const total = createHash('sha256')
  for (const { author, text } of entries(n)) total.update(Buffer.from([author])).update(text)
  return total.digest('hex')
}

module.exports = { AUTHORS, entries }

if (require.main === module) for (const n of [1000, 100000]) console.log(n, digest(n))
