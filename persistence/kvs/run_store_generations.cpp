// How the store keeps its journal short.

#include "persistence/kvs/entries.hpp"
#include "persistence/kvs/log.hpp"
#include "persistence/kvs/payloads.hpp"
#include "persistence/kvs/run_store.hpp"

#include <utility>

namespace orc::kvs {

void store_state::begin_generation() {
  auto& [current, previous] = store_->generations;
  if (previous)
    discard(*previous);
  previous = current;
  previous->journal_records = std::exchange(journal_records_, 0);
  journal_bytes_ = 0;
  current = {names_.stem(store_->mine, ++generation_), 0, 0};
  // It may hold what is not durable yet, and is then to be read twice.
  auto text = write_book(store_->book);
  store_->base_bytes = text.size();
  std::vector<put_record> records;
  for (const auto& x : cut(text))
    records.push_back(
      make_put(names_.base(current.stem, ++current.base_records), x));
  records.push_back(make_put(names_.head(store_->mine),
                             {write_head(store_->generations), false}));
  then_ = [this] {
    remove_rubbish();
    finish();
  };
  put_next(std::move(records), 0);
}

void store_state::discard(const generation& x) {
  for (std::uint32_t i = 1; i <= x.base_records; ++i)
    store_->rubbish.push_back(names_.base(x.stem, i));
  for (std::uint32_t i = 1; i <= x.journal_records; ++i)
    store_->rubbish.push_back(names_.journal(x.stem, i));
}

/// One after the other, since nobody waits for it.
void store_state::remove_rubbish() {
  auto& rubbish = store_->rubbish;
  if (rubbish.empty())
    return;
  auto key = std::move(rubbish.back());
  rubbish.pop_back();
  self_
    ->request(store_->options.storage, caf::infinite,
              delete_record{store_->options.store_id, key})
    .then([this](storage_changed) { remove_rubbish(); },
          [key](const caf::error& err) {
            log.warn("rubbish-left", "key={} error=\"{}\"", key,
                     message_of(err));
          });
}

} // namespace orc::kvs
