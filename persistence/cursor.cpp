#include "persistence/cursor.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace orc {

std::string cursor_after(run_key last) {
  return std::to_string(last.value);
}

caf::expected<run_key> parse_cursor(const std::string& cursor) {
  // Keys are signed in SQLite.
  constexpr auto top = std::numeric_limits<std::int64_t>::max();
  if (cursor.empty())
    return run_key{static_cast<std::uint64_t>(top)};
  std::uint64_t value = 0;
  auto end = cursor.data() + cursor.size();
  auto [stop, problem] = std::from_chars(cursor.data(), end, value);
  if (problem != std::errc{} || stop != end
      || value > static_cast<std::uint64_t>(top))
    return make_error(ec::bad_field,
                      "cursor: is none of ours; take `nextCursor` of the page "
                      "before");
  return run_key{value};
}

std::uint32_t page_limit(std::uint32_t asked) {
  return std::clamp(asked, 1U, 1000U);
}

queued_run make_queued_run(const run_record& record) {
  const auto& asked = record.options.memory;
  return {record.key,
          record.view.account,
          record.view.space,
          record.target,
          asked ? asked : record.view.memory,
          record.priority,
          record.not_before};
}

} // namespace orc
