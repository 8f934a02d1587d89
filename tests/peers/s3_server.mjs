// An S3-compatible store that verifies signatures by Amazon's own code, for one bucket and one key: node s3_server.mjs
// FOLDER ACCESS_KEY SECRET_KEY [RIGHTS]. Objects are files in FOLDER, named by their encoded keys. Says "listening PORT",
// and a line for each request that it refuses for its signature. RIGHTS are "all", "no-list" or "write-only".
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import sha from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

const [folder, accessKey, secretKey, rights = 'all'] = process.argv.slice(2);
const uploads = new Map(); // by id: key and parts
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');
const tagOf = (bytes) => `"${crypto.createHash('md5').update(bytes).digest('hex')}"`;
const fileOf = (key) => path.join(folder, encodeURIComponent(key));

class Refusal extends Error {
    constructor(status, code, message) {
        super(message);
        Object.assign(this, { status, code });
    }
}

async function verify(request, url, body) {
    const match = (request.headers.authorization ?? '').match(
        /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d+)\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/);
    if (!match)
        throw new Refusal(403, 'AccessDenied', 'Access Denied');
    const [, key, , region, names, signature] = match;
    if (key !== accessKey)
        throw new Refusal(403, 'InvalidAccessKeyId', 'The access key does not exist.');
    const payload = request.headers['x-amz-content-sha256'];
    if (payload !== sha256(body))
        throw new Refusal(400, 'XAmzContentSHA256Mismatch', 'The hash of the body is not the one that was signed.');
    const signer = new SignatureV4({
        credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
        region, service: 's3', sha256: sha.Sha256, uriEscapePath: false, applyChecksum: false,
    });
    const signedHeaders = names.split(';');
    for (const needed of ['host', 'x-amz-date', 'x-amz-content-sha256']) {
        if (!signedHeaders.includes(needed))
            throw new Refusal(403, 'AccessDenied', `${needed} is not signed.`);
    }
    const date = request.headers['x-amz-date'].replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z');
    if (Math.abs(Date.now() - new Date(date)) > 15 * 60 * 1000)
        throw new Refusal(403, 'RequestTimeTooSkewed', 'The times differ too much.');
    const wanted = await signer.sign({
        method: request.method, protocol: 'http:', hostname: '127.0.0.1', path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: Object.fromEntries(signedHeaders.map((name) => [name, request.headers[name]])),
    }, { signingDate: new Date(date), signableHeaders: new Set(signedHeaders) });
    const header = wanted.headers.authorization ?? wanted.headers.Authorization;
    if (header.match(/Signature=([0-9a-f]+)/)[1] !== signature)
        throw new Refusal(403, 'SignatureDoesNotMatch', 'The signature does not match. Check the key & the method.');
}

function uploadOf(id) {
    const upload = uploads.get(id);
    if (!upload)
        throw new Refusal(404, 'NoSuchUpload', 'The upload does not exist.');
    return upload;
}

function answer(request, url, body) {
    const key = decodeURIComponent(url.pathname).replace(/^\/bucket\//, '');
    const id = url.searchParams.get('uploadId');
    const file = fileOf(key);
    const denied = () => new Refusal(403, 'AccessDenied', 'Access Denied');
    if (request.headers['if-none-match'] === '*' && !id && fs.existsSync(file))
        throw new Refusal(412, 'PreconditionFailed', 'The object exists.');
    switch (request.method) {
    case 'PUT':
        if (id) {
            uploadOf(id).parts.set(Number(url.searchParams.get('partNumber')), body);
        } else {
            fs.writeFileSync(file, body);
        }
        return { headers: { ETag: tagOf(body) } };
    case 'POST':
        if (url.searchParams.has('uploads')) {
            const fresh = `${crypto.randomUUID()}/+=`; // as odd as real ones
            uploads.set(fresh, { key, parts: new Map() });
            return { body: `<?xml version="1.0"?><InitiateMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><UploadId>${fresh}</UploadId></InitiateMultipartUploadResult>` };
        } else {
            const upload = uploadOf(id);
            if (request.headers['if-none-match'] === '*' && fs.existsSync(fileOf(upload.key)))
                throw new Refusal(412, 'PreconditionFailed', 'The object exists.');
            const wanted = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]*)<\/ETag>/g)];
            const parts = wanted.map(([, number, tag]) => {
                const part = upload.parts.get(Number(number));
                if (!part || tagOf(part) !== tag.replaceAll('&quot;', '"'))
                    throw new Refusal(400, 'InvalidPart', 'A part is missing.');
                return part;
            });
            fs.writeFileSync(fileOf(upload.key), Buffer.concat(parts));
            uploads.delete(id);
            return { body: '<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>' };
        }
    case 'GET':
        if (id && rights !== 'all')
            throw denied();
        if (id) {
            // Two at a time, so that lists go over several answers.
            const after = Number(url.searchParams.get('part-number-marker') ?? 0);
            const numbers = [...uploadOf(id).parts.keys()].sort((a, b) => a - b).filter((number) => number > after);
            const page = numbers.slice(0, 2).map((number) => {
                const part = uploads.get(id).parts.get(number);
                return `<Part><PartNumber>${number}</PartNumber><ETag>${tagOf(part).replaceAll('"', '&#34;')}</ETag><Size>${part.length}</Size></Part>`;
            });
            return { body: `<ListPartsResult><UploadId>${id}</UploadId><NextPartNumberMarker>${numbers[1] ?? 0}</NextPartNumberMarker><IsTruncated>${numbers.length > 2}</IsTruncated>${page.join('')}</ListPartsResult>` };
        }
        // falls through
    case 'HEAD':
        if (key === 'under way') // for the tests: how many uploads are
            return { body: String(uploads.size) };
        if (rights === 'write-only' || (rights === 'no-list' && !fs.existsSync(file)))
            throw denied();
        if (!fs.existsSync(file))
            throw new Refusal(404, 'NoSuchKey', 'The object does not exist.');
        return { body: fs.readFileSync(file) };
    case 'DELETE':
        if (id) {
            uploadOf(id);
            uploads.delete(id);
        } else {
            fs.rmSync(file, { force: true });
        }
        return { status: 204 };
    }
    throw new Refusal(405, 'MethodNotAllowed', 'Not allowed.');
}

const server = http.createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', async () => {
        const body = Buffer.concat(pieces);
        const url = new URL(request.url, 'http://127.0.0.1');
        try {
            await verify(request, url, body);
            const { status = 200, headers = {}, body: content = '' } = answer(request, url, body);
            response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(content) });
            response.end(request.method === 'HEAD' ? undefined : content);
        } catch (error) {
            if (!(error instanceof Refusal))
                console.error(error);
            if (error.status === 403)
                console.log(`refused ${error.code}`);
            const text = `<?xml version="1.0"?><Error><Code>${error.code}</Code><Message>${error.message.replaceAll('&', '&amp;')}</Message></Error>`;
            response.writeHead(error.status ?? 500, { 'Content-Type': 'application/xml', 'Content-Length': text.length });
            response.end(request.method === 'HEAD' ? undefined : text);
        }
    });
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
