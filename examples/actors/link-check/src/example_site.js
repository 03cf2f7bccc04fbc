import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { ProxyConfiguration } from '@crawlee/cheerio';

const root = fileURLToPath(new URL('../site', import.meta.url));

/** Pages of real sites take their time, too. */
const latencyMillis = 100;

async function answer(request, response) {
    await sleep(latencyMillis);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    const { pathname } = new URL(request.url, 'http://site.example');
    const file = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    try {
        response.end(await readFile(root + file));
    } catch {
        response.statusCode = 404;
        response.end('<title>Not found</title><h1>Not found</h1>');
    }
}

/**
 * Serves site/ to whoever uses it as a proxy. So the crawled URLs do not depend
 * on the machine and the port, and still mean the same after a migration.
 */
export async function serveExampleSite() {
    const server = createServer(answer);
    await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
    const proxyUrl = `http://127.0.0.1:${server.address().port}`;
    return {
        proxyConfiguration: new ProxyConfiguration({ proxyUrls: [proxyUrl] }),
        close: () => server.close(),
    };
}
