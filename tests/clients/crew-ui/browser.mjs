// A browser without a screen.

import { chromium } from 'playwright-core';

/** On a machine that is busy with other tests, in milliseconds. */
export const patience = 90_000;

/** Everything here is on loopback, and containers lack what a sandbox needs and have little shared memory. */
export const launchBrowser = () => chromium.launch({
    executablePath: process.env.ORC_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    timeout: patience,
});
