// JSON.parse of a feed: milliseconds.
import { readFileSync } from 'node:fs'

const start = process.hrtime.bigint()
const photos = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const taken = Number(process.hrtime.bigint() - start) / 1e6
if (photos.length > 0)
    console.log(taken)
