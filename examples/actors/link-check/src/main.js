// Crawls a part of a site and pushes one item a page, broken ones included.
import { CheerioCrawler, RequestQueueV1 } from '@crawlee/cheerio';
import { Actor, log } from 'apify';

import { crawlScope } from './crawl_scope.js';
import { serveExampleSite } from './example_site.js';

await Actor.init();

const input = await Actor.getInput() ?? {};
const starts = (input.startUrls ?? []).map((start) => start.url ?? start);
const inScope = crawlScope(starts);
const site = input.serveExampleSite ? await serveExampleSite() : undefined;

/** Describes a page whose request was answered, or was not. */
function describe({ request, response, $, error }) {
    return {
        url: request.url,
        status: response?.statusCode ?? null,
        title: $?.('title').first().text().trim() || null,
        depth: request.crawlDepth,
        links: $?.('a[href]').length ?? 0,
        foundOn: request.userData.foundOn ?? null,
        ...(error && { error: error.message }),
    };
}

const crawler = new CheerioCrawler({
    // The queue lives on the platform: after a migration the crawl goes on. At
    // once, for no other crawler shares this queue and locks its requests.
    requestQueue: await RequestQueueV1.open(),
    proxyConfiguration: site?.proxyConfiguration,
    maxRequestsPerCrawl: input.maxPages ?? 100,
    maxRequestRetries: 2,
    maxConcurrency: 5,
    additionalMimeTypes: ['*/*'],
    async requestHandler(context) {
        const { request, $, enqueueLinks } = context;
        await Actor.pushData(describe(context));
        if (!$) return;
        await enqueueLinks({
            strategy: 'all',
            userData: { foundOn: request.url },
            transformRequestFunction: (link) => inScope(link.url) && link,
        });
    },
    async failedRequestHandler(context, error) {
        await Actor.pushData(describe({ ...context, error }));
    },
});

const { requestsFinished, requestsFailed } = await crawler.run(starts);
log.info('Checked', { pages: requestsFinished, unreachable: requestsFailed });
site?.close();
await Actor.exit(`Checked ${requestsFinished + requestsFailed} pages`);
