#include "app/items/service_source.hpp"

#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "messages/run.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace orc::app {

namespace {

/// The service repeats what the platform refuses, for minutes.
constexpr std::chrono::seconds patience{240};

run_ref ref_of(const item_origin& x) {
  return {x.space, x.run};
}

caf::result<origin_state> find(api_client& service, const item_origin& x) {
  // What it is the dataset of, the service knows when its items are followed.
  if (x.run.empty())
    return make_error(ec::bad_field, "a dataset is followed where the platform "
                                     "is: give --api and --token");
  auto body = service.get(api_client::path_of(ref_of(x)));
  if (!body)
    return std::move(body.error());
  auto found = from_json<run>(*body);
  if (!found)
    return std::move(found.error());
  return origin_state{found->dataset_id.value_or(""), !is_final(found->state)};
}

/// @returns how many items a page has: there is no header that tells.
std::uint64_t count_items(std::string_view page, bool has_titles) {
  std::uint64_t lines = 0;
  bool quoted = false;
  for (auto c : page) {
    quoted ^= has_titles && c == '"';
    lines += c == '\n' && !quoted;
  }
  lines += !page.empty() && !page.ends_with('\n');
  return has_titles && lines > 0 ? lines - 1 : lines;
}

caf::result<items_page> read(api_client& service, const get_origin_page& x) {
  auto wishes = fmt::format("format={}&offset={}&limit={}", x.page.format,
                            x.page.offset, x.page.limit);
  if (!x.page.query.empty())
    wishes += "&" + x.page.query;
  auto target
    = x.origin.run.empty()
        ? fmt::format("/api/v1/items?datasets={}&{}",
                      http::percent_encode(x.origin.dataset_id), wishes)
        : api_client::path_of(ref_of(x.origin), "/items?" + wishes);
  auto body = service.get(target, patience);
  if (!body)
    return std::move(body.error());
  auto count = count_items(*body, x.page.format == "csv");
  return items_page{json_text{std::move(*body)}, count, 0};
}

} // namespace

page_source_actor open_service_source(caf::actor_system& system,
                                      std::shared_ptr<api_client> service) {
  auto source =
    [service](page_source_actor::pointer) -> page_source_actor::behavior_type {
    return {
      [service](const find_origin& x) { return find(*service, x.origin); },
      [service](const get_origin_page& x) { return read(*service, x); },
    };
  };
  return page_source_actor{system.spawn<caf::detached>(source)};
}

} // namespace orc::app
