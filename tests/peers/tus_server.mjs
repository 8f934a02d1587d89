// A tus server by others: node tus_server.mjs FOLDER. Says "listening PORT", and "finished ID SIZE FILENAME" for each
// upload that is complete.
import { FileStore } from '@tus/file-store';
import { EVENTS, Server } from '@tus/server';

const [folder] = process.argv.slice(2);
const tus = new Server({ path: '/files', datastore: new FileStore({ directory: folder }), relativeLocation: true });
tus.on(EVENTS.POST_FINISH, (request, response, upload) =>
    console.log(`finished ${upload.id} ${upload.size} ${upload.metadata.filename}`));
const server = tus.listen({ host: '127.0.0.1', port: 0 }, () => console.log(`listening ${server.address().port}`));
