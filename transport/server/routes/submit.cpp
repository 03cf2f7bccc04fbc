#include "transport/server/routes/submit.hpp"

#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "transport/server/call.hpp"
#include "transport/server/routes/common.hpp"

#include <algorithm>

namespace orc::server {

namespace {

/// Thousands of inputs of megabytes have to reach the disk.
constexpr std::chrono::minutes submit_timeout{5};

bool is_array(std::string_view body) {
  auto first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '[';
}

caf::expected<std::vector<run_request>> read_requests(std::string_view body) {
  if (!is_array(body)) {
    auto one = from_json<run_request>(body);
    if (!one)
      return std::move(one.error());
    return std::vector<run_request>{std::move(*one)};
  }
  auto many = from_json<std::vector<run_request>>(body);
  if (!many && message_of(many.error()).starts_with('['))
    return make_error(code_of(many.error()), "runs" + message_of(many.error()));
  if (many && many->empty())
    return make_error(ec::bad_field, "document: holds no run");
  return many;
}

std::string render(const submitted_runs& x, bool as_array) {
  if (!as_array)
    return to_json(x.runs.at(0).run);
  std::string result;
  for (const auto& submitted : x.runs)
    result.append(result.empty() ? "[" : ",").append(to_json(submitted.run));
  return result + "]";
}

void name_after(std::string_view key, std::vector<run_request>& runs) {
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (runs[i].name.empty())
      runs[i].name = idempotency::make_name(key, i);
}

} // namespace

void submit(const call_ptr& x) {
  auto key = key_of(*x);
  auto retry = x->flag("retryFailed");
  if (!retry)
    return x->fail(retry.error());
  if (!check_key(*x, key))
    return;
  auto runs = read_requests(x->request().body);
  if (!runs)
    return x->fail(runs.error());
  if (!key.empty())
    name_after(key, *runs);
  auto finish = [x, key](const submitted_runs& done) {
    const auto& body = x->request().body;
    // Another request with this key may have come first.
    if (!check_key(*x, key))
      return;
    if (!key.empty())
      x->under().keys.remember(key, body);
    auto joined = std::all_of(done.runs.begin(), done.runs.end(),
                              [](const auto& y) { return y.joined; });
    x->reply(joined ? 200 : 201, render(done, is_array(body)));
  };
  x->ask<submitted_runs>(submit_runs{std::move(*runs), *retry},
                         std::move(finish), submit_timeout);
}

} // namespace orc::server
