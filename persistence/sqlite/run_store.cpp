#include "persistence/sqlite/run_store.hpp"

#include <utility>

namespace orc::sqlite {

namespace {

// A group of so many writes is committed at once: what is gained by more is
// less than what its senders lose by waiting.
constexpr std::size_t largest_group = 5'000;

// Removing so many runs takes about 20 ms.
constexpr std::int64_t pruned_at_once = 1'000;

} // namespace

open_store::open_store(directory_lock held, database connection,
                       const key_source& key)
  : lock{std::move(held)}, db{std::move(connection)}, totals{db},
    runs{db, totals}, queries{db}, accounts{db, key}, group{db, totals},
    touch{db.prepare("INSERT OR REPLACE INTO meta VALUES ('checked-at', ?1)")} {
  // nop
}

store_state::store_state(store_actor::pointer self) : self_{self} {
  // nop
}

store_state::~store_state() {
  if (store_)
    store_->group.commit();
  for (auto& x : prunings_)
    x.promise.deliver(make_error(ec::stopping, "the store is stopping"));
}

store_actor::behavior_type
store_state::make_behavior(std::shared_ptr<open_store> store) {
  store_ = std::move(store);
  auto& s = *store_;
  return {
    [this, &s](const insert_runs& x) {
      return write<inserted_runs>(x.runs.size(),
                                  [&] { return s.runs.insert(x); });
    },
    [this, &s](const save_run& x) {
      return write<saved>(1, [&] { return s.runs.save(x); });
    },
    [this, &s](const load_run& x) {
      return read<loaded_run>([&] { return s.queries.load(x.key); });
    },
    [this, &s](const find_run& x) {
      return read<run_record>([&] { return s.queries.find(x.ref); });
    },
    [this, &s](const list_runs& x) {
      return read<record_page>([&] { return s.queries.list(x); });
    },
    [this, &s](const load_unfinished& x) {
      return read<unfinished_runs>([&] { return s.queries.unfinished(x); });
    },
    [this, &s](const find_bound& x) {
      return read<bound_runs>([&] { return s.queries.bound(x); });
    },
    [this, &s](const load_totals& x) {
      return read<run_totals>([&] { return s.totals.load(x.space); });
    },
    [this, &s](const save_account& x) {
      return write<saved>(1, [&]() -> caf::expected<saved> {
        if (auto problem = s.accounts.save(x.account))
          return problem;
        return saved{};
      });
    },
    [this, &s](const load_accounts&) {
      return read<stored_accounts>([&] { return s.accounts.load(); });
    },
    [this](const prune_runs& x) { return prune(x); },
    [this](const check_store&) {
      return write<store_health>(1, [this] { return check(); });
    },
    [&s](const end_group&) { s.group.commit(); },
    [this](const prune_on&) { prune_some(); },
  };
}

template <class Answer, class F>
caf::result<Answer> store_state::read(F question) {
  try {
    caf::expected<Answer> answer = question();
    if (!store_->group.is_open())
      return answer;
    auto promise = self_->make_response_promise<Answer>();
    answer_later(promise, std::move(answer));
    return promise;
  } catch (const failure& problem) {
    return problem.error();
  }
}

template <class Answer, class F>
caf::result<Answer> store_state::write(std::size_t writes, F change) {
  auto promise = self_->make_response_promise<Answer>();
  try {
    join_group(writes);
    caf::expected<Answer> answer = change();
    answer_later(promise, std::move(answer));
    if (store_->group.size() >= largest_group)
      store_->group.commit();
  } catch (const failure& problem) {
    store_->group.abandon(problem.error());
    promise.deliver(problem.error());
  }
  return promise;
}

template <class Answer>
void store_state::answer_later(caf::typed_response_promise<Answer> promise,
                               caf::expected<Answer> answer) {
  store_->group.defer(
    [promise, answer = std::move(answer)](const caf::error& outcome) mutable {
      if (outcome)
        promise.deliver(outcome);
      else if (!answer)
        promise.deliver(answer.error());
      else
        promise.deliver(std::move(*answer));
    });
}

void store_state::join_group(std::size_t writes) {
  auto is_first = !store_->group.is_open();
  store_->group.join(writes);
  if (is_first)
    self_->send(self_, end_group{});
}

caf::result<pruned_runs> store_state::prune(const prune_runs& request) {
  auto promise = self_->make_response_promise<pruned_runs>();
  prunings_.push_back({request.finished_before, 0, promise});
  if (prunings_.size() == 1)
    self_->send(self_, prune_on{});
  return promise;
}

void store_state::prune_some() {
  auto& work = prunings_.front();
  try {
    join_group(pruned_at_once);
    auto removed = store_->runs.prune(work.finished_before, pruned_at_once);
    work.count += removed;
    if (removed == pruned_at_once)
      return self_->send(self_, prune_on{});
    answer_later<pruned_runs>(work.promise, pruned_runs{work.count});
  } catch (const failure& problem) {
    store_->group.abandon(problem.error());
    work.promise.deliver(problem.error());
  }
  prunings_.pop_front();
  if (!prunings_.empty())
    self_->send(self_, prune_on{});
}

store_health store_state::check() {
  auto& db = store_->db;
  store_->touch.run(now().millis);
  auto pages = db.number("PRAGMA page_count");
  return {db.text("SELECT value FROM meta WHERE name='instance'"),
          static_cast<std::uint64_t>(pages * db.number("PRAGMA page_size"))};
}

store_actor::behavior_type
run_store(store_actor::stateful_pointer<store_state> self,
          std::shared_ptr<open_store> store) {
  return self->state.make_behavior(std::move(store));
}

} // namespace orc::sqlite
