#include "app/actor/actor_report.hpp"

#include "embedding/ask.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

/// The platform takes 5 MB at a time.
constexpr std::size_t max_push = 4'500'000;

constexpr int most_tries = 3;

constexpr std::uint64_t page_size = 10'000;

/// @returns the text of a field that is a string, in a line of JSON.
run_ref name_in(std::string_view line) {
  auto x = from_json<run_ref>(line);
  return x ? *x : run_ref{"", ""};
}

} // namespace

caf::error actor_report::push_items() {
  for (int tries = 1;; ++tries) {
    auto err = read_pushed();
    if (!err)
      err = push_missing();
    // What a lost answer has left behind shows when the items are read again.
    if (!err || code_of(err) != ec::answer_lost || tries == most_tries)
      return err;
  }
}

caf::error actor_report::read_pushed() {
  pushed_.clear();
  get_items page;
  page.dataset_id = home_.dataset_id;
  page.limit = page_size;
  page.query = "fields=name,namespace";
  for (auto count = page_size; count == page_size; page.offset += count) {
    auto items = ask<items_page>(host_.system(), host_.platform().api, page);
    if (!items)
      return std::move(items.error());
    count = items->count;
    auto rest = items->body.view();
    while (!rest.empty()) {
      auto line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      pushed_.insert(name_in(line));
    }
  }
  return {};
}

caf::expected<std::string> actor_report::item_of(const run_ref& name) {
  if (pushed_.contains(name))
    return std::string{};
  auto run = ask<orc::run>(host_.system(), host_.orchestrator(), get_run{name});
  if (run)
    return to_json(*run);
  // The rest of a plan that was stopped before it was submitted.
  if (code_of(run.error()) == ec::unknown_run)
    return std::string{};
  return std::move(run.error());
}

caf::error actor_report::push_missing() {
  std::string items;
  auto push = [&]() -> caf::error {
    if (items.empty())
      return {};
    auto request
      = orc::push_items{home_.dataset_id, json_text{"[" + items + "]"}};
    items.clear();
    auto done
      = ask<storage_changed>(host_.system(), host_.platform().storage, request);
    return done ? caf::error{} : std::move(done.error());
  };
  for (const auto& name : plan_.names()) {
    auto item = item_of(name);
    if (!item)
      return std::move(item.error());
    if (item->empty())
      continue;
    if (items.size() + item->size() > max_push)
      if (auto err = push())
        return err;
    items.append(items.empty() ? "" : ",").append(*item);
  }
  return push();
}

caf::error actor_report::put_output(const board_totals& x) {
  auto body = fmt::format(
    R"({{"runs":{},"succeeded":{},"failed":{},"unfinished":{},"joined":{},)"
    R"("attempts":{},"itemCount":{},"usageTotalUsd":{}}})",
    x.runs, x.succeeded, x.failed, x.queued + x.live, x.joined, x.attempts,
    x.items, x.usd);
  auto done = ask<storage_changed>(host_.system(), host_.platform().storage,
                                   put_record{home_.store_id, "OUTPUT",
                                              "application/json",
                                              json_text{std::move(body)}});
  return done ? caf::error{} : std::move(done.error());
}

} // namespace orc::app
