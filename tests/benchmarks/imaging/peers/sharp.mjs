// sharp, as one of the workers of bench_imaging: reads lines "TASK QUALITY IN_FLIGHT COUNT SOURCE...", does that, and
// answers each with "SECONDS PATH-OF-THE-LAST-RESULT".
// node sharp.mjs FOLDER-WITH-SHARP THREADS-OF-ONE-PICTURE FOLDER-OF-RESULTS
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import path from 'node:path';

const [, , home, threads, results] = process.argv;
const sharp = createRequire(path.join(home, 'package.json'))('sharp');
sharp.cache(false);
sharp.concurrency(Number(threads));

const compress = {
    resize: (source, quality, target) => sharp(source).resize(720, 720, { fit: 'inside' }).jpeg({ quality }).toFile(target),
    full: (source, quality, target) => sharp(source).jpeg({ quality }).toFile(target),
};

for await (const line of createInterface({ input: process.stdin })) {
    const [task, quality, inFlight, count, ...sources] = line.split(' ');
    let next = 0;
    const start = process.hrtime.bigint();
    await Promise.all(Array.from({ length: Number(inFlight) }, async () => {
        for (let i = next++; i < Number(count); i = next++)
            await compress[task](sources[i % sources.length], Number(quality), path.join(results, `${i % 64}.jpg`));
    }));
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    console.log(`${seconds} ${path.join(results, `${(Number(count) - 1) % 64}.jpg`)}`);
}
