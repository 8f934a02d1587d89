// The measurements of isolates_measure with Node's worker threads: `node node.mjs NAME` prints one sample a line.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(import.meta.url);
const sample = value => console.log(value.toPrecision(6));
const start = role => new Worker(file, { workerData: role });
const next = worker => new Promise(resolve => worker.once('message', resolve));
const online = worker => new Promise(resolve => worker.once('online', resolve));

const roles = {
    echo() {
        parentPort.on('message', message => parentPort.postMessage(message));
    },
    size() {
        parentPort.on('message', message => parentPort.postMessage(message.byteLength));
    },
    flood() {
        parentPort.once('message', count => {
            for (let i = 0; i < count; ++i)
                parentPort.postMessage(i);
        });
    },
};

const measurements = {
    async spawn() {
        for (let i = 0; i < 30; ++i) {
            const begin = performance.now();
            const worker = start('echo');
            await online(worker);
            sample((performance.now() - begin) * 1000);
            await worker.terminate();
        }
    },
    async memory() {
        const count = 20, before = process.memoryUsage().rss;
        const workers = Array.from({ length: count }, () => start('echo'));
        await Promise.all(workers.map(worker => { worker.postMessage(1); return next(worker); }));
        sample((process.memoryUsage().rss - before) / count);
        await Promise.all(workers.map(worker => worker.terminate()));
    },
    async round_trip() {
        const worker = start('echo');
        for (let batch = 0; batch < 110; ++batch) {
            const begin = performance.now();
            for (let i = 0; i < 100; ++i) {
                worker.postMessage(i);
                await next(worker);
            }
            if (batch >= 10)
                sample((performance.now() - begin) * 1000 / 100);
        }
        await worker.terminate();
    },
    async one_to_one() {
        const total = 1000000;
        for (let round = 0; round < 3; ++round) {
            const worker = start('flood');
            await online(worker);
            const begin = performance.now();
            let left = total;
            const done = new Promise(resolve => worker.on('message', () => { if (--left === 0) resolve(); }));
            worker.postMessage(total);
            await done;
            sample(total / ((performance.now() - begin) / 1000));
            await worker.terminate();
        }
    },
    async handOver(transfer) {
        const worker = start('size');
        for (let i = 0; i < 20; ++i) {
            const block = new ArrayBuffer(100 << 20);
            new Uint8Array(block).fill(120);
            const begin = performance.now();
            worker.postMessage(block, transfer ? [block] : []);
            sample((performance.now() - begin) * 1000);
            await next(worker);
        }
        await worker.terminate();
    },
    hand_over() { return measurements.handOver(true); },
    hand_over_copy() { return measurements.handOver(false); },
};

if (!isMainThread)
    roles[workerData]();
else if (measurements[process.argv[2]])
    await measurements[process.argv[2]]();
else
    process.exit(2);
