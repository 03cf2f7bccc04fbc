#include "messages/walk/page_reader.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

/// Pages are held whole, and several at a time.
constexpr std::size_t max_page_bytes = std::size_t{256} << 20;

} // namespace

caf::error page_builder::add(std::string_view item) {
  if (items_.size() + item.size() > max_page_bytes)
    return make_error(ec::bad_field,
                      fmt::format("pageSize: {} items are more than {} MiB; "
                                  "choose smaller pages",
                                  count_ + 1, max_page_bytes >> 20));
  items_.append(item);
  items_ += '\n';
  ++count_;
  return {};
}

walk_page page_builder::finish(std::optional<std::string> next) {
  return {json_text{std::move(items_)}, count_, std::move(next)};
}

} // namespace orc
