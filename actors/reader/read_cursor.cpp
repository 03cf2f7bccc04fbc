#include "actors/reader/read_cursor.hpp"

#include "actors/reader/item_hash.hpp"
#include "messages/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace orc {

namespace {

/// Numbers and fingerprints have neither. Nothing needs to be escaped, neither
/// in a URL nor in a shell.
constexpr char between = '.';
constexpr char inside = '-';

std::string fingerprint(const std::vector<item_origin>& from) {
  std::string all;
  for (const auto& x : from)
    all.append(x.space).append("\n").append(x.run).append("\n").append(
      x.dataset_id + "\n\n");
  return mark_of(all);
}

caf::error not_one_of_ours() {
  return make_error(ec::bad_field, "cursor: is none of this service: give one "
                                   "as it was handed out, or leave it out");
}

/// Takes fields off a text, one after the other.
class field_reader {
public:
  explicit field_reader(std::string_view text) : text_{text} {
    // nop
  }

  std::string_view next(char divider) {
    auto result = text_.substr(0, text_.find(divider));
    text_.remove_prefix(std::min(result.size() + 1, text_.size()));
    return result;
  }

  bool at_end() const noexcept {
    return text_.empty();
  }

private:
  std::string_view text_;
};

bool read_number(std::string_view text, std::uint64_t& x) {
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, x);
  return error == std::errc{} && stop == end && !text.empty();
}

/// `INDEX-OFFSET-MARK`, or `INDEX` if it is done.
bool read_position_into(std::string_view text, read_cursor& x) {
  field_reader in{text};
  std::uint64_t index = 0;
  if (!read_number(in.next(inside), index) || index >= x.at.size())
    return false;
  auto& position = x.at[index];
  position.done = in.at_end();
  if (position.done)
    return true;
  if (!read_number(in.next(inside), position.offset))
    return false;
  position.mark = in.next(inside);
  return true;
}

} // namespace

std::string mark_of(std::string_view dataset_id) {
  return fmt::format("{:016x}", hash_of(dataset_id).first);
}

std::string read_cursor::print(const std::vector<item_origin>& from) const {
  // Most often all before the one that is read are done.
  auto open
    = std::find_if(at.begin(), at.end(), [](const auto& x) { return !x.done; });
  auto done = static_cast<std::size_t>(open - at.begin());
  auto result = fmt::format("1.{}.{}.{}", fingerprint(from), done, skip);
  for (auto i = done; i < at.size(); ++i)
    if (at[i].done)
      result += fmt::format(".{}", i);
    else if (at[i].offset > 0)
      result += fmt::format(".{}-{}-{}", i, at[i].offset, at[i].mark);
  return result;
}

caf::expected<read_cursor>
read_cursor::parse(std::string_view text,
                   const std::vector<item_origin>& from) {
  field_reader in{text};
  if (in.next(between) != "1")
    return not_one_of_ours();
  if (in.next(between) != fingerprint(from))
    return make_error(ec::bad_field, "cursor: is of other runs or datasets, or "
                                     "of the same in another order");
  read_cursor result;
  result.at.resize(from.size());
  std::uint64_t done = 0;
  if (!read_number(in.next(between), done) || done > from.size()
      || !read_number(in.next(between), result.skip))
    return not_one_of_ours();
  for (std::size_t i = 0; i < done; ++i)
    result.at[i].done = true;
  while (!in.at_end())
    if (!read_position_into(in.next(between), result))
      return not_one_of_ours();
  return result;
}

} // namespace orc
