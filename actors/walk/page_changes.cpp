#include "actors/walk/page_changes.hpp"

#include "actors/walk/error_text.hpp"

#include <string_view>
#include <utility>

namespace orc {

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    auto end = text.find('\n');
    result.push_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return result;
}

} // namespace

void page_changes::change_spec() {
  spec_changed_ = true;
  is_dirty_ = true;
}

void page_changes::change(const live_page& page) {
  changed_.insert(page.is.number);
  is_dirty_ = true;
}

void page_changes::forget(const live_page& page) {
  if (page.is_stored)
    gone_.push_back(page.is.number);
  changed_.erase(page.is.number);
  is_dirty_ = true;
}

void page_changes::leave(const live_page& page) {
  left_.push_back(page.is);
  changed_.erase(page.is.number);
  is_dirty_ = true;
}

void page_changes::heal(const live_page& page) {
  for (const auto& x : page.flaws)
    items_done_.push_back({page.is.number, x.item, {}, {}});
}

std::uint64_t
page_changes::keep_flaws(const live_page& page,
                         const std::vector<item_failure>& failures) {
  auto lines = lines_of(page.items.view());
  std::set<std::uint64_t> seen;
  for (const auto& x : failures) {
    // Whoever was handed only these items tells their places among them.
    auto is_among_flaws = page.has_flaws_only() && x.item < page.flaws.size();
    auto place = is_among_flaws ? page.flaws[x.item].item : x.item;
    if (!seen.insert(place).second)
      continue;
    auto line = x.item < lines.size() ? lines[x.item] : std::string_view{};
    items_.push_back(
      {page.is.number, place, std::string{line}, error_text(x.error)});
  }
  return seen.size();
}

save_walk page_changes::take(const walk_record& record, live_pages& live) {
  save_walk result;
  result.walk = record;
  result.with_spec = std::exchange(spec_changed_, false);
  result.pages = std::exchange(left_, {});
  for (auto number : std::exchange(changed_, {}))
    if (auto i = live.find(number); i != live.end()) {
      i->second.is_stored = true;
      result.pages.push_back(i->second.is);
    }
  result.done = std::exchange(gone_, {});
  result.items = std::exchange(items_, {});
  result.items_done = std::exchange(items_done_, {});
  is_dirty_ = false;
  return result;
}

} // namespace orc
