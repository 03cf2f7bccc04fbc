#include "persistence/kvs/recovery.hpp"

#include "persistence/kvs/entries.hpp"
#include "persistence/kvs/log.hpp"

#include <fmt/format.h>

#include <limits>

namespace orc::kvs {

namespace {

/// A restart shall not take a round trip for each record.
constexpr std::size_t read_ahead = 16;

constexpr auto no_limit = std::numeric_limits<std::uint32_t>::max();

caf::error missing(const std::string& key) {
  return make_error(ec::store_corrupt,
                    fmt::format("record {} is missing: the store is damaged. "
                                "Nothing was changed",
                                key));
}

} // namespace

caf::expected<content> recovery::read_record(const std::string& key) {
  auto bytes = records_.get(key);
  if (!bytes)
    return std::move(bytes.error());
  if (!*bytes)
    return missing(key);
  return envelope_.unwrap(**bytes, key);
}

caf::expected<std::string> recovery::read_base(const generation& x) {
  std::string result;
  for (std::uint32_t i = 1; i <= x.base_records; ++i) {
    auto record = read_record(names_.base(x.stem, i));
    if (!record)
      return std::move(record.error());
    result += record->payload;
  }
  return result;
}

/// The previous generation and its journal hold all that the current one began
/// with.
caf::expected<std::string> recovery::rebuild_base(const head& x) {
  auto result = read_base(*x.previous);
  if (!result)
    return result;
  auto journal = read_journal(x.previous->stem, 0, x.previous->journal_records);
  if (!journal)
    return std::move(journal.error());
  if (journal->records != x.previous->journal_records)
    return missing(names_.journal(x.previous->stem, journal->records + 1));
  return *result + journal->text;
}

/// Ends where there is no next record: one is written after the other, and the
/// store never answers 404 for what was put before. What lacks its last part
/// was never announced to anybody.
caf::expected<recovery::chain>
recovery::read_journal(const std::string& stem, std::uint32_t from,
                       std::uint32_t most) {
  chain result{{}, from};
  std::string open;
  for (auto at = from; at < most;) {
    std::vector<std::string> keys;
    for (; at < most && keys.size() < read_ahead; ++at)
      keys.push_back(names_.journal(stem, at + 1));
    auto records = records_.get(keys);
    if (!records)
      return std::move(records.error());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto& bytes = (*records)[i];
      if (!bytes)
        return result;
      auto record = envelope_.unwrap(*bytes, keys[i]);
      if (!record)
        return std::move(record.error());
      open += record->payload;
      if (record->has_more)
        continue;
      result.text += std::exchange(open, {});
      result.records = at - static_cast<std::uint32_t>(keys.size() - i) + 1;
    }
  }
  return result;
}

caf::expected<found_state> recovery::read(const std::string& head_key) {
  auto record = read_record(head_key);
  if (!record)
    return std::move(record.error());
  auto generations = read_head(record->payload);
  if (!generations)
    return std::move(generations.error());
  found_state result;
  result.generations = std::move(*generations);
  auto base = read_base(result.generations.current);
  if (!base && code_of(base.error()) == ec::store_corrupt
      && result.generations.previous) {
    log.error("generation-damaged", "error=\"{}\" using=previous",
              message_of(base.error()));
    base = rebuild_base(result.generations);
    result.repaired = true;
  }
  if (!base)
    return std::move(base.error());
  if (auto err = read_entries(*base, result.book))
    return err;
  if (auto more = read_on(result); !more)
    return std::move(more.error());
  return result;
}

caf::expected<bool> recovery::read_on(found_state& state) {
  auto& current = state.generations.current;
  auto journal = read_journal(current.stem, current.journal_records, no_limit);
  if (!journal)
    return std::move(journal.error());
  auto is_more = journal->records > current.journal_records;
  current.journal_records = journal->records;
  if (auto err = read_entries(journal->text, state.book))
    return err;
  return is_more;
}

} // namespace orc::kvs
