// Uploads every file of a folder with tus-js-client, some at once: node tus_js_many.mjs ENDPOINT TOKEN FOLDER PARALLEL.
// Prints the seconds from the first request to the last answer, and its peak of memory in kilobytes.
import fs from 'node:fs';
import path from 'node:path';
import * as tus from 'tus-js-client';

const [endpoint, token, folder, parallel] = process.argv.slice(2);
const names = fs.readdirSync(folder);
const headers = { Authorization: `Bearer ${token}` };
const uploadOne = async (name) => {
    const content = await fs.promises.readFile(path.join(folder, name));
    await new Promise((resolve, reject) =>
        new tus.Upload(content, { endpoint, headers, metadata: { filename: name }, onSuccess: resolve, onError: reject }).start());
};
const start = performance.now();
await Promise.all(Array.from({ length: Number(parallel) }, async () => {
    for (let name = names.pop(); name; name = names.pop())
        await uploadOne(name);
}));
console.log(`${(performance.now() - start) / 1000} ${process.resourceUsage().maxRSS}`);
