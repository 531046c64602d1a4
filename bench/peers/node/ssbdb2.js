// ssb-db2: create Workload R as 50 feeds, or check and store such feeds. Usage: ssbdb2.js create|prepare|verify N FOLDER [PREPARED]
'use strict'
const fs = require('fs')
const path = require('path')
const { promisify } = require('util')
const ssbKeys = require('ssb-keys')
const { AUTHORS, entries } = require('./workload')

const BATCH = 1000

function open(folder) {
  const home = path.join(folder, 'ssb')
  const stack = require('secret-stack')({ caps: require('ssb-caps') }).use(require('ssb-db2'))
  return stack({ path: home, keys: ssbKeys.generate(), db2: { maxCpu: Infinity } })
}

const drained = (sbot) => new Promise((done) => sbot.db.onDrain(done))
const now = () => process.hrtime.bigint()
const since = (begin) => Number(now() - begin) / 1e9

// every message of the log
function stored(sbot) {
  return new Promise((done, fail) => {
    const all = []
    sbot.db.getLog().stream({ decrypt: false }).pipe({
      paused: false,
      write: (record) => all.push(require('bipf').decode(record.value, 0).value),
      end: (error) => (error ? fail(error) : done(all)),
    })
  })
}

function expectTexts(messages, list) {
  if (messages.length !== list.length) throw new Error(`${messages.length} messages, and not ${list.length}`)
  const texts = new Set(messages.map((message) => message.content.text))
  for (const { text } of list) if (!texts.has(text.toString())) throw new Error('a text is missing')
}

async function create(folder, list) {
  const sbot = open(folder)
  const feeds = Array.from({ length: AUTHORS }, () => ssbKeys.generate())
  const add = promisify(sbot.db.create)
  const begin = now()
  const waiting = []
  for (const { author, text } of list) {
    waiting.push(add({ keys: feeds[author], content: { type: 'post', text: text.toString() } }))
    if (waiting.length === BATCH) await Promise.all(waiting.splice(0))
  }
  await Promise.all(waiting)
  await drained(sbot)
  const seconds = since(begin)
  const messages = await stored(sbot)
  expectTexts(messages, list)
  await promisify(sbot.close)(true)
  return { seconds, messages }
}

// one message whose text was changed after signing must be refused
async function refusesForgery(sbot, messages) {
  const forged = { ...messages[0], content: { type: 'post', text: 'forged' } }
  try {
    await promisify(sbot.db.addBatch)([forged])
  } catch (error) {
    return
  }
  throw new Error('a forged message was taken')
}

async function verify(folder, prepared, list) {
  const messages = JSON.parse(fs.readFileSync(path.join(prepared, 'messages.json'), 'utf8'))
  const feeds = new Map()
  for (const message of messages) feeds.set(message.author, [...(feeds.get(message.author) || []), message])
  const sbot = open(folder)
  await refusesForgery(sbot, messages)
  const addBatch = promisify(sbot.db.addBatch)
  const begin = now()
  for (const feed of feeds.values()) for (let i = 0; i < feed.length; i += BATCH) await addBatch(feed.slice(i, i + BATCH))
  await drained(sbot)
  const seconds = since(begin)
  expectTexts(await stored(sbot), list)
  await promisify(sbot.close)(true)
  return seconds
}

async function main([peer, n, folder, prepared]) {
  const list = entries(Number(n))
  if (peer === 'verify') {
    const seconds = await verify(folder, prepared, list)
    return { seconds, check: `${list.length} messages stored and read again, a forged one refused` }
  }
  const { seconds, messages } = await create(folder, list)
  if (peer === 'prepare') fs.writeFileSync(path.join(folder, 'messages.json'), JSON.stringify(messages))
  return { seconds, check: `${messages.length} messages read again, texts compared` }
}

main(process.argv.slice(2)).then(
  (answer) => {
    console.log(JSON.stringify(answer))
    process.exit(0)
  },
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
