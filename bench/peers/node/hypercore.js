// hypercore: append Workload R to one core. Usage: hypercore.js append|append1[-10] N FOLDER
'use strict'
const path = require('path')
const { entries } = require('./workload')

async function append(Hypercore, folder, list, batch) {
  const core = new Hypercore(path.join(folder, 'core'))
  await core.ready()
  const blocks = list.map((entry) => entry.text)
  const begin = process.hrtime.bigint()
  if (batch === 1) for (const block of blocks) await core.append(block)
  else for (let i = 0; i < blocks.length; i += batch) await core.append(blocks.slice(i, i + batch))
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9
  await core.close()
  return seconds
}

// opened anew: what counts is what the files hold
async function check(Hypercore, folder, list) {
  const core = new Hypercore(path.join(folder, 'core'))
  await core.ready()
  const bytes = list.reduce((sum, entry) => sum + entry.text.length, 0)
  if (core.length !== list.length || core.byteLength !== bytes) throw new Error('the core has another length')
  const step = Math.max(1, Math.floor(list.length / 1000))
  let compared = 0
  for (let i = 0; i < list.length; i += step, compared++) {
    if (!list[i].text.equals(await core.get(i))) throw new Error(`block ${i} differs`)
  }
  await core.close()
  return `${core.length || list.length} blocks and ${bytes} bytes counted after opening anew, ${compared} blocks compared`
}

async function main([peer, n, folder]) {
  const [way, older] = peer.split('-')
  const Hypercore = require(older ? 'hypercore-10' : 'hypercore')
  const list = entries(Number(n))
  const seconds = await append(Hypercore, folder, list, way === 'append1' ? 1 : 1000)
  console.log(JSON.stringify({ seconds, check: await check(Hypercore, folder, list) }))
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error)
  process.exit(1)
})
