/**
 * Makes a test for URLs that a crawl may follow: those below the folder of one
 * of its start URLs.
 */
export function crawlScope(startUrls) {
    const folders = startUrls.map((url) => new URL('.', url).href);
    return (url) => folders.some((folder) => url.startsWith(folder));
}
