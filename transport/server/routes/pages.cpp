// What people see who open the service in a browser.

#include "transport/server/call.hpp"
#include "transport/server/routes/common.hpp"

namespace orc::server {

namespace {

constexpr auto home_page = R"html(<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Apify Orchestrator</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:3em auto;padding:0 1em}</style>
<h1>Apify Orchestrator</h1>
<p>This service runs fleets of Apify Actors, and graphs of tasks that workers do.</p>
<ul><li><a href="api-docs/">The API, to read and to try</a>
<li><a href="openapi.json">The same for programs</a>
<li><a href="api/v1/report">How everything stands</a>
<li><a href="api/v1/channels">Channels of tasks</a>
<li><a href="metrics">Metrics</a></ul>
</html>
)html";

/// Reads the document that describes the API, lists its operations and lets
/// people send them. No script of another place is loaded: it works offline.
constexpr auto api_page = R"html(<!doctype html>
<html lang="en"><meta charset="utf-8"><title>API of Apify Orchestrator</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}
summary{cursor:pointer;padding:.3em;border-bottom:1px solid #ddd}
b{display:inline-block;width:4.5em} .GET{color:#06c} .POST{color:#080}
.PUT{color:#a60} .DELETE{color:#c00} code,pre,textarea{font:13px monospace}
pre{background:#f5f5f5;padding:.7em;overflow:auto;max-height:24em}
label{display:block} textarea{width:100%;height:8em} section{padding:0 1em 1em}
</style>
<h1>API</h1>
<p>From <a href="../openapi.json">openapi.json</a>.
<label>Token, if the service needs one: <input id="token" type="password" autocomplete="off"></label></p>
<main></main>
<script>
const el = (name, props, ...children) => {
  const x = Object.assign(document.createElement(name), props);
  x.append(...children);
  return x;
};
const operation = (api, path, method, what) => {
  const fields = (what.parameters || []).map((p) => ({p, input: el('input', {
    placeholder: p.required ? 'required' : ''})}));
  const schema = what.requestBody &&
    what.requestBody.content['application/json'].schema;
  const body = schema && el('textarea', {value: '{}'});
  const answer = el('pre', {hidden: true});
  const send = async () => {
    let url = '..' + path;
    const query = new URLSearchParams();
    for (const {p, input} of fields) {
      if (p.in === 'path')
        url = url.replace('{' + p.name + '}', encodeURIComponent(input.value));
      else if (p.in === 'query' && input.value)
        query.set(p.name, input.value);
    }
    const headers = {};
    if (token.value) headers.authorization = 'Bearer ' + token.value;
    if (body) headers['content-type'] = 'application/json';
    answer.hidden = false;
    answer.textContent = '…';
    const got = await fetch(url + (query.size ? '?' + query : ''),
      {method: method.toUpperCase(), headers, body: body && body.value});
    answer.textContent = got.status + '\n' + await got.text();
  };
  const shape = (x) => JSON.stringify(x.$ref
    ? api.components.schemas[x.$ref.split('/').pop()] : x, null, 2);
  return el('details', {}, el('summary', {},
      el('b', {className: method.toUpperCase(), textContent: method.toUpperCase()}),
      el('code', {textContent: path}), ' ' + (what.description || '')),
    el('section', {},
      ...fields.map(({p, input}) => el('label', {title: p.description || ''},
        el('code', {textContent: p.name + ' '}), input, ' ' + (p.description || ''))),
      ...(body ? [el('p', {textContent: 'Body:'}), body,
        el('details', {}, el('summary', {textContent: 'what it may be'}),
          el('pre', {textContent: shape(schema)}))] : []),
      el('button', {textContent: 'Send', onclick: () => send().catch((error) => {
        answer.textContent = String(error);
      })}), answer));
};
fetch('../openapi.json').then((x) => x.json()).then((api) => {
  for (const [path, methods] of Object.entries(api.paths))
    for (const [method, what] of Object.entries(methods))
      document.querySelector('main').append(operation(api, path, method, what));
});
</script>
</html>
)html";

void reply_page(const call_ptr& x, const char* text) {
  x->reply({200, {{"Content-Type", "text/html; charset=utf-8"}}, text});
}

void home(const call_ptr& x) {
  reply_page(x, home_page);
}

void api_docs(const call_ptr& x) {
  reply_page(x, api_page);
}

void to_api_docs(const call_ptr& x) {
  x->reply({301, {{"Location", "api-docs/"}}, {}});
}

route page(std::string_view path, std::string_view id, std::string_view doc,
           void (*handle)(const call_ptr&), int status = 200) {
  return {"GET",
          path,
          id,
          doc,
          {},
          nullptr,
          {{status, "A page.", nullptr, "text/html"}},
          handle,
          true,
          dialect::own,
          "-"};
}

} // namespace

std::vector<route> page_routes() {
  return {page("/", "getHome", "A page with links.", &home),
          page("/api-docs", "findApiDocs", "Leads to the API.", &to_api_docs,
               301),
          page("/api-docs/", "getApiDocs", "The API, to read and to try.",
               &api_docs)};
}

} // namespace orc::server
