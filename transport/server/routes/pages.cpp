// What people see who open the service in a browser.

#include "transport/http/content_coding.hpp"
#include "transport/server/call.hpp"
#include "transport/server/routes/common.hpp"
#include "transport/server/swagger_ui.hpp"

#include <fmt/format.h>

#include <algorithm>

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

/// Everything it loads comes from here: it works without a network.
constexpr auto api_page = R"html(<!doctype html>
<html lang="en"><meta charset="utf-8"><title>API of Apify Orchestrator</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="swagger-ui.css">
<noscript>This page needs JavaScript; <a href="../openapi.json">openapi.json</a>
is what it would show.</noscript>
<div id="api"></div>
<script src="swagger-ui-bundle.js"></script>
<script>
SwaggerUIBundle({url: '../openapi.json', dom_id: '#api', deepLinking: true,
  docExpansion: 'none', filter: true, validatorUrl: null,
  displayRequestDuration: true});
</script>
</html>
)html";

constexpr auto page_without = R"html(<!doctype html>
<html lang="en"><meta charset="utf-8"><title>API of Apify Orchestrator</title>
<p>This service was built without Swagger UI (<code>ORC_SWAGGER_UI=OFF</code>). The
API is described by <a href="../openapi.json">openapi.json</a>, which any
Swagger UI opens.</p>
</html>
)html";

void reply_page(const call_ptr& x, const char* text) {
  x->reply({200, {{"Content-Type", "text/html; charset=utf-8"}}, text});
}

void home(const call_ptr& x) {
  reply_page(x, home_page);
}

void api_docs(const call_ptr& x) {
  reply_page(x, swagger_ui_files().empty() ? page_without : api_page);
}

void to_api_docs(const call_ptr& x) {
  x->reply({301, {{"Location", "api-docs/"}}, {}});
}

/// @returns whether a client takes gzip, by its `Accept-Encoding`.
bool takes_gzip(std::string_view codings) {
  while (!codings.empty()) {
    auto one = codings.substr(0, codings.find(','));
    codings.remove_prefix(std::min(one.size() + 1, codings.size()));
    one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
    if (http::iequals(one.substr(0, one.find_first_of("; \t")), "gzip"))
      return one.find("q=0") == std::string_view::npos
             || one.find("q=0.") != std::string_view::npos;
  }
  return false;
}

void api_docs_file(const call_ptr& x) {
  const auto& name = x->path("file");
  const auto& files = swagger_ui_files();
  auto found = std::find_if(files.begin(), files.end(), [&](const auto& file) {
    return file.name == name;
  });
  if (found == files.end())
    return x->fail(
      make_error(ec::not_found, fmt::format("/api-docs/ has no {}", name)));
  http::response result{200,
                        {{"Content-Type", name.ends_with(".css")
                                            ? "text/css"
                                            : "text/javascript; charset=utf-8"},
                         // A newer service may have others.
                         {"Cache-Control", "max-age=3600"},
                         {"Vary", "Accept-Encoding"}},
                        std::string{found->bytes}};
  if (takes_gzip(x->request().headers.get("Accept-Encoding")))
    result.headers.set("Content-Encoding", "gzip");
  else
    http::decode_body("gzip", result.body, 16 << 20);
  x->reply(std::move(result));
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
  auto file
    = page("/api-docs/{file}", "getApiDocsFile",
           "What the page of the API is made of: Swagger UI.", &api_docs_file);
  file.parameters = {{"file", place::path, string_schema, "Its name."}};
  file.answers = {{200, "A script or a style sheet.", nullptr, "text/plain"},
                  {404, "There is none such."}};
  return {
    page("/", "getHome", "A page with links.", &home),
    page("/api-docs", "findApiDocs", "Leads to the API.", &to_api_docs, 301),
    page("/api-docs/", "getApiDocs", "The API, to read and to try.", &api_docs),
    std::move(file)};
}

} // namespace orc::server
