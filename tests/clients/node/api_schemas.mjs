// Checks answers against the schemas of Apify's OpenAPI document.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const api = JSON.parse(readFileSync(new URL('api_schemas.json', import.meta.url)));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'api', $defs: api.$defs });

/** Turns `/v2/datasets/{datasetId}/items` into a pattern. */
function pathPattern(path) {
    return new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
}

/** Lets `#/$defs/...` mean the definitions of the document. */
function rooted(schema) {
    return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"api#/$defs/'));
}

// Fixed paths come before those with parameters, which match them, too.
const operations = Object.entries(api.operations)
    .map(([operation, answers]) => {
        const [method, path] = operation.split(' ');
        return { operation, method, path, pattern: pathPattern(path), answers };
    })
    .sort((x, y) => x.path.split('{').length - y.path.split('{').length);

const validators = new Map();

function validatorOf({ operation, answers }, status) {
    const key = `${operation} ${status}`;
    if (!answers[status]) return undefined;
    if (!validators.has(key)) validators.set(key, ajv.compile(rooted(answers[status])));
    return validators.get(key);
}

function describe(operation, status, data, errors) {
    const faults = errors.map((error) => `  ${error.instancePath} ${error.message} `
        + JSON.stringify(error.params)).join('\n');
    const text = JSON.stringify(data).slice(0, 600);
    return `${operation} -> ${status} is not as documented:\n${faults}\n${text}`;
}

const violations = new Set();

/** The last test of a file: that all its answers were as documented. */
export function everyAnswerIsDocumented() {
    test('every answer is as the API document says', () => {
        assert.ok(violations.size === 0, [...violations].join('\n\n'));
    });
}

/** Takes note of an answer of axios that is not as documented. */
export function checkAnswer(response) {
    const { config, status, data } = response;
    const path = new URL(config.url).pathname;
    const method = config.method.toUpperCase();
    const found = operations.find((x) => x.method === method && x.pattern.test(path));
    const isJson = String(response.headers['content-type']).startsWith('application/json');
    // Downloads come as bytes or streams.
    const isParsed = isJson && Object.getPrototypeOf(data ?? []) !== Buffer.prototype;
    const validate = isParsed && found && validatorOf(found, status);
    if (validate && !validate(data))
        violations.add(describe(found.operation, status, data, validate.errors));
    return response;
}
