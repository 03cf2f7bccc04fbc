#include "persistence/kvs/run_store.hpp"

#include "persistence/kvs/entries.hpp"
#include "persistence/kvs/log.hpp"
#include "persistence/kvs/payloads.hpp"

#include <algorithm>
#include <utility>

namespace orc::kvs {

namespace {

/// The APIFY STORAGE has repeated it for a minute before.
constexpr std::chrono::seconds pause{5};

/// A restart reads the journal 16 records at a time.
constexpr std::uint32_t max_journal_records = 200;

/// Below that, to write all anew costs more than it saves.
constexpr std::size_t min_journal_bytes = 4'000'000;

/// @returns whether to wait may help.
bool is_passing(ec code) {
  return code == ec::rate_limited || code == ec::not_sent
         || code == ec::answer_lost || code == ec::bad_answer;
}

} // namespace

store_state::store_state(store_actor::pointer self) : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) { on_exit(x); });
}

store_state::~store_state() {
  auto gone = make_error(ec::stopping, "the store is stopping");
  for (auto* x : {&flying_, &gathering_})
    for (const auto& give : std::exchange(x->answers, {}))
      give(gone);
}

store_actor::behavior_type
store_state::make_behavior(std::shared_ptr<opened_store> store) {
  store_ = std::move(store);
  names_ = record_names{store_->options.prefix};
  remove_rubbish();
  auto& book = store_->book;
  return {
    [this](const insert_runs& x) { return insert(x); },
    [this](const save_run& x) { return save(x); },
    [this](const settle_run& x) { return settle(x); },
    [&, this](const load_run& x) { return when_durable(book.load(x)); },
    [&, this](const find_run& x) { return when_durable(book.find(x)); },
    [&, this](const list_runs& x) { return when_durable(book.list(x)); },
    [&, this](const load_unfinished& x) {
      return when_durable<unfinished_runs>(book.unfinished(x));
    },
    [&, this](const load_unsettled& x) {
      return when_durable<unsettled_runs>(book.unsettled(x));
    },
    [&, this](const find_bound& x) {
      return when_durable<bound_runs>(book.bound(x));
    },
    [&, this](const load_totals& x) {
      return when_durable<run_totals>(book.totals(x));
    },
    [this](const save_account& x) { return save_token(x); },
    [&, this](const load_accounts& x) {
      return when_durable<stored_accounts>(book.accounts(x));
    },
    [this](const prune_runs& x) { return prune(x); },
    [this](const check_store&) { return check(); },
    [this](const put_gathered&) { put_batch(); },
    [this](const try_again&) {
      if (auto repeat = std::exchange(repeat_, {}))
        repeat();
    },
  };
}

// -- what is asked
// -------------------------------------------------------------

caf::result<inserted_runs> store_state::insert(const insert_runs& request) {
  auto result = store_->book.insert(request);
  if (result)
    for (std::size_t i = 0; i < result->runs.size(); ++i)
      if (const auto& x = result->runs[i]; !x.joined)
        write_run(x.record, request.runs[i].input, gathering_.entries);
  return when_durable(std::move(result));
}

caf::result<saved> store_state::save(const save_run& request) {
  auto result = store_->book.save(request);
  if (result)
    write_run(request.record, request.input, gathering_.entries);
  return when_durable(std::move(result));
}

caf::result<saved> store_state::settle(const settle_run& request) {
  auto result = store_->book.settle(request);
  if (result)
    write_run(request.record, {}, gathering_.entries);
  return when_durable(std::move(result));
}

caf::result<saved> store_state::save_token(const save_account& request) {
  // Whoever may read the key-value store would have the token.
  if (!store_->wrapping.seals())
    return make_error(ec::bad_config,
                      "tokens that come with runs are kept only encrypted: "
                      "give an encryption key for the key-value store");
  write_token(request.account, gathering_.entries);
  return when_durable<saved>(store_->book.save_token(request));
}

caf::result<pruned_runs> store_state::prune(const prune_runs& request) {
  auto gone = store_->book.prune(request);
  for (auto key : gone)
    write_drop(key, gathering_.entries);
  return when_durable<pruned_runs>(pruned_runs{gone.size()});
}

caf::result<store_health> store_state::check() {
  if (!trouble_.empty())
    return make_error(ec::store_failed, trouble_);
  return store_health{store_->mine.instance,
                      store_->base_bytes + journal_bytes_};
}

template <class T>
caf::result<T> store_state::when_durable(caf::expected<T> outcome) {
  if (!busy_ && gathering_.entries.empty()) {
    if (!outcome)
      return std::move(outcome.error());
    return std::move(*outcome);
  }
  auto promise = self_->make_response_promise<T>();
  auto& mine = gathering_.entries.empty() ? flying_ : gathering_;
  mine.answers.push_back(
    [promise, outcome = std::move(outcome)](const caf::error& failed) mutable {
      if (failed)
        promise.deliver(failed);
      else if (!outcome)
        promise.deliver(outcome.error());
      else
        promise.deliver(std::move(*outcome));
    });
  // It arrives behind all that waits now: that is how writes find together.
  if (!busy_ && gathering_.answers.size() == 1)
    self_->send(self_, put_gathered{});
  return promise;
}

// -- how it becomes durable
// ----------------------------------------------------

put_record
store_state::make_put(const std::string& key, const content& x) const {
  return {store_->options.store_id, key, record_type,
          json_text{store_->wrapping.wrap(x, key)}};
}

void store_state::put_batch() {
  if (busy_ || gathering_.entries.empty())
    return;
  busy_ = true;
  flying_ = std::exchange(gathering_, {});
  journal_bytes_ += flying_.entries.size();
  std::vector<put_record> records;
  const auto& stem = store_->generations.current.stem;
  for (const auto& x : cut(flying_.entries))
    records.push_back(make_put(names_.journal(stem, ++journal_records_), x));
  then_ = [this] { finish(); };
  put_next(std::move(records), 0);
}

void store_state::put_next(std::vector<put_record> records,
                           std::size_t number) {
  if (number == records.size())
    return check_lock();
  auto again = [this, records, number] { put_next(records, number); };
  self_->request(store_->options.storage, caf::infinite, records[number])
    .then([this, records,
           number](storage_changed) { put_next(records, number + 1); },
          [this, again](const caf::error& err) { on_failure(err, again); });
}

void store_state::check_lock() {
  self_
    ->request(store_->options.storage, caf::infinite,
              get_record{store_->options.store_id, names_.lock()})
    .then([this](const stored_record& x) { on_lock(x); },
          [this](const caf::error& err) {
            on_failure(err, [this] { check_lock(); });
          });
}

void store_state::on_lock(const stored_record& x) {
  auto lock = envelope{}.unwrap(x.body.view(), names_.lock());
  if (!lock)
    return end(lock.error());
  auto holder = read_claim(lock->payload);
  if (!holder)
    return end(holder.error());
  if (holder->writer == store_->mine.writer) {
    if (!std::exchange(trouble_, {}).empty())
      log.info("store-recovered", "prefix={}", names_.prefix());
    return std::exchange(then_, {})();
  }
  auto same_run = holder->owner == store_->mine.owner && holder->owner != "-";
  log.warn("store-taken-over", "prefix={} epoch={} by={}", names_.prefix(),
           holder->epoch, same_run ? "a copy of this run" : holder->owner);
  if (same_run && store_->options.taken_over)
    store_->options.taken_over();
  end(make_error(ec::store_locked,
                 same_run ? "a copy of this run has taken over"
                          : "another orchestrator has taken over the state: "
                            "one prefix is for one at a time"));
}

void store_state::on_failure(const caf::error& why,
                             std::function<void()> repeat) {
  if (!is_passing(code_of(why)))
    return end(
      make_error(ec::store_failed, "the key-value store: " + message_of(why)));
  // Nobody is answered, so that nothing is started that would be forgotten.
  trouble_ = "nothing becomes durable: " + message_of(why);
  log.error("store-failing", "error=\"{}\"", message_of(why));
  repeat_ = std::move(repeat);
  self_->delayed_send(self_, pause, try_again{});
}

void store_state::finish() {
  for (const auto& give : std::exchange(flying_.answers, {}))
    give({});
  if (journal_records_ >= max_journal_records
      || journal_bytes_ > std::max(store_->base_bytes, min_journal_bytes))
    return begin_generation();
  busy_ = false;
  if (!gathering_.entries.empty())
    put_batch();
  else if (closing_)
    self_->quit(caf::exit_reason::user_shutdown);
}

// -- the end
// --------------------------------------------------------------------

void store_state::end(const caf::error& why) {
  log.error("store-ended", "error=\"{}\"", message_of(why));
  for (auto* x : {&flying_, &gathering_})
    for (const auto& give : std::exchange(x->answers, {}))
      give(why);
  self_->quit(why);
}

void store_state::on_exit(const caf::exit_msg& x) {
  if (!busy_ && gathering_.entries.empty())
    return self_->quit(x.reason);
  closing_ = true;
}

store_actor::behavior_type
run_store(store_actor::stateful_pointer<store_state> self,
          std::shared_ptr<opened_store> store) {
  return self->state.make_behavior(std::move(store));
}

} // namespace orc::kvs
