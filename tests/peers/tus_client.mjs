// Uploads a file with tus-js-client: node tus_client.mjs ENDPOINT TOKEN FILE NAME CHUNK_BYTES [STATE_FILE [CUT_AT]]
// With STATE_FILE it keeps the upload's address there and goes on with what it finds. With CUT_AT it kills itself, as
// SIGKILL does, once the server has acknowledged so many bytes. Prints where it began and where the upload is.
import fs from 'node:fs';
import { createHash } from 'node:crypto';
import * as tus from 'tus-js-client';

const [endpoint, token, file, name, chunk, state, cutAt] = process.argv.slice(2);
const content = fs.readFileSync(file);
const earlier = state && fs.existsSync(state) ? fs.readFileSync(state, 'utf8') : null;
let began = null;
const upload = new tus.Upload(fs.createReadStream(file), {
    endpoint,
    uploadUrl: earlier,
    uploadSize: content.length,
    chunkSize: Number(chunk),
    retryDelays: [0, 100, 300],
    headers: { Authorization: `Bearer ${token}` },
    metadata: { filename: name, filetype: 'image/jpeg', sha256: createHash('sha256').update(content).digest('hex') },
    onUploadUrlAvailable: () => state && fs.writeFileSync(state, upload.url),
    onBeforeRequest: (request) => {
        if (request.getMethod() === 'PATCH' && began === null)
            began = Number(request.getHeader('Upload-Offset'));
    },
    onChunkComplete: (size, accepted) => {
        if (cutAt && accepted >= Number(cutAt))
            process.kill(process.pid, 'SIGKILL');
    },
    onError: (error) => {
        console.error(String(error));
        process.exit(1);
    },
    onSuccess: () => {
        console.log(`began ${began}`);
        console.log(upload.url);
    },
});
if (earlier) {
    // A stream can only be read from where the server is.
    const answer = await fetch(earlier, {
        method: 'HEAD',
        headers: { Authorization: `Bearer ${token}`, 'Tus-Resumable': '1.0.0' },
    });
    if (!answer.ok)
        throw new Error(`HEAD gave ${answer.status}`);
}
upload.start();
