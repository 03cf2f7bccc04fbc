#include "transport/server/v2/place.hpp"

#include "transport/http/url.hpp"
#include "transport/server/v2/query_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orc::server::v2 {

namespace {

/// Takes the segment before the next slash off the front, and that slash.
std::string_view take_segment(std::string_view& path) {
  auto end = std::min(path.find('/'), path.size());
  auto result = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return result;
}

/// @returns `user/name` or an id, as runs have it.
std::string to_target_id(std::string_view segment) {
  auto result = http::percent_decode(segment);
  auto tilde = result.find('~');
  if (tilde != std::string::npos && tilde > 0)
    result[tilde] = '/';
  return result;
}

/// @returns whether `rest` is the newest run of a target or something of it;
///          takes that off the front then.
bool take_last_run(std::string_view& rest) {
  constexpr std::string_view last = "runs/last";
  if (!rest.starts_with(last))
    return false;
  auto after = rest.substr(last.size());
  if (!after.empty() && after.front() != '/')
    return false;
  rest = after;
  return true;
}

place parse_target(bool is_task, std::string_view rest) {
  place result;
  result.target = {to_target_id(take_segment(rest)), is_task};
  if (rest == "runs")
    result.about = subject::target;
  else if (take_last_run(rest))
    result.about = subject::last_run;
  else if (rest == "run-sync")
    result.kind = start_kind::record;
  else if (rest == "run-sync-get-dataset-items")
    result.kind = start_kind::items;
  if (result.kind != start_kind::plain)
    result.about = subject::target;
  result.rest = rest;
  return result;
}

place parse_one(subject about, std::string_view rest) {
  place result;
  auto id = take_segment(rest);
  if (id.empty())
    return result;
  result.about = about;
  result.id = http::percent_decode(id);
  result.rest = rest.empty() ? "" : "/" + std::string{rest};
  return result;
}

} // namespace

place parse_place(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, subject>, 5> singles{{
    {"actor-runs", subject::run},
    {"logs", subject::log},
    {"datasets", subject::dataset},
    {"key-value-stores", subject::key_value_store},
    {"request-queues", subject::request_queue},
  }};
  constexpr std::string_view root = "/v2/";
  if (!path.starts_with(root))
    return {};
  path.remove_prefix(root.size());
  while (path.ends_with('/'))
    path.remove_suffix(1);
  auto collection = take_segment(path);
  if (collection == "acts" || collection == "actors"
      || collection == "actor-tasks")
    return parse_target(collection == "actor-tasks", path);
  if (collection == "actor-runs" && path.empty()) {
    place result;
    result.about = subject::all_runs;
    return result;
  }
  for (const auto& [name, about] : singles)
    if (collection == name)
      return parse_one(about, path);
  return {};
}

std::string without_token(std::string_view query) {
  return filter_query(query,
                      [](const std::string& name) { return name != "token"; });
}

} // namespace orc::server::v2
