#include "app/estimate/own_history.hpp"

#include "embedding/ask.hpp"
#include "embedding/shutdown.hpp"
#include "messages/json/json.hpp"
#include "persistence/sqlite/open.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <utility>

namespace orc::app {

namespace {

constexpr std::uint32_t page_size = 1'000;
constexpr int most_pages = 20;

using page_source
  = std::function<caf::expected<run_page>(const std::string& cursor)>;

caf::error add_pages(const page_source& read, run_history& to) {
  std::string cursor;
  for (int i = 0; i < most_pages; ++i) {
    auto page = read(cursor);
    if (!page)
      return page.error();
    for (const auto& x : page->items)
      to.add(x);
    if (!page->next_cursor)
      break;
    cursor = *page->next_cursor;
  }
  return {};
}

run_page views_of(record_page x) {
  run_page result;
  for (auto& record : x.records)
    result.items.push_back(std::move(record.view));
  if (!x.next_cursor.empty())
    result.next_cursor = x.next_cursor;
  return result;
}

} // namespace

caf::error add_stored_runs(const config& options, run_history& to) {
  auto file = std::filesystem::path{options.data} / "orchestrator.db";
  if (options.store == store_kind::memory || !std::filesystem::exists(file))
    return {};
  caf::actor_system_config settings;
  settings.set("logger.verbosity", caf::atom("quiet"));
  caf::actor_system system{settings};
  auto store = open_sqlite_store(system, {options.data, options.seal_key});
  if (!store)
    return store.error();
  auto read = [&](const std::string& cursor) -> caf::expected<run_page> {
    list_runs question;
    question.states = {run_state::finished};
    question.limit = page_size;
    question.cursor = cursor;
    auto page = ask<record_page>(system, *store, std::move(question));
    if (!page)
      return std::move(page.error());
    return views_of(std::move(*page));
  };
  auto result = add_pages(read, to);
  shut_down(system, {caf::actor_cast<caf::actor>(*store)});
  return result;
}

caf::error add_served_runs(api_client& client, run_history& to) {
  auto read = [&](const std::string& cursor) -> caf::expected<run_page> {
    auto body
      = client.get(fmt::format("/api/v1/runs?state=finished&limit={}&cursor={}",
                               page_size, http::percent_encode(cursor)));
    if (!body)
      return std::move(body.error());
    return from_json<run_page>(*body);
  };
  return add_pages(read, to);
}

} // namespace orc::app
