#include "app/items/dataset_writer.hpp"

#include "embedding/ask.hpp"
#include "messages/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace orc::app {

namespace {

using namespace std::chrono_literals;

/// The platform's documents say 5 MB in one place and 9 MB in another.
constexpr std::size_t max_push_bytes = 4'500'000;

/// How often a push whose answer was lost is looked for: what was appended may
/// take a moment to show.
constexpr int looks = 5;

/// How often to try what can be tried again; the APIFY API does not repeat a
/// push by itself.
constexpr int tries = 8;

bool is_passing(ec code) {
  return code == ec::rate_limited || code == ec::not_sent
         || code == ec::answer_lost;
}

} // namespace

dataset_writer::dataset_writer(lone_platform& platform) : platform_{platform} {
  // nop
}

caf::error
dataset_writer::open(const std::string& name, std::uint64_t written) {
  if (!platform_.storage())
    return make_error(ec::unknown_account, "--to-dataset: give the token of an "
                                           "account: --token or APIFY_TOKEN");
  auto found = ask<remote_dataset>(platform_.system(), platform_.storage(),
                                   open_dataset{name});
  if (!found)
    return std::move(found.error());
  id_ = found->id;
  items_ = written;
  auto more = has_item(written);
  if (!more)
    return std::move(more.error());
  if (*more)
    return make_error(ec::bad_config,
                      fmt::format("--to-dataset: the dataset `{}` has items "
                                  "already: name a new one",
                                  name));
  return {};
}

caf::error dataset_writer::write(std::string_view lines) {
  std::string batch;
  std::uint64_t count = 0;
  while (!lines.empty()) {
    auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    if (line.empty())
      continue;
    if (count > 0 && batch.size() + line.size() > max_push_bytes) {
      if (auto err = push(batch, count))
        return err;
      batch.clear();
      count = 0;
    }
    batch.append(count++ == 0 ? "[" : ",").append(line);
  }
  return count > 0 ? push(batch, count) : caf::error{};
}

caf::error dataset_writer::push(const std::string& items, std::uint64_t count) {
  auto pause = 500ms;
  for (int left = tries;; pause *= 2) {
    auto done = ask<storage_changed>(platform_.system(), platform_.storage(),
                                     push_items{id_, json_text{items + "]"}});
    auto is_there = caf::expected<bool>{bool{done}};
    // Not one answer is worth more than a look at what is there.
    if (!done && code_of(done.error()) == ec::answer_lost)
      is_there = has_item(items_);
    if (!is_there)
      return std::move(is_there.error());
    if (*is_there) {
      items_ += count;
      return {};
    }
    if (!is_passing(code_of(done.error())) || --left == 0)
      return std::move(done.error());
    std::this_thread::sleep_for(pause);
  }
}

caf::expected<bool> dataset_writer::has_item(std::uint64_t position) {
  for (int i = 0; i < looks; ++i) {
    auto page = ask<items_page>(platform_.system(), platform_.api(),
                                get_items{id_, position, 1, "jsonl", ""});
    if (!page)
      return std::move(page.error());
    if (page->count > 0 || position == 0)
      return page->count > 0;
    std::this_thread::sleep_for(200ms);
  }
  return false;
}

} // namespace orc::app
