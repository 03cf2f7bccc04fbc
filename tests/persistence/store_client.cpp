#include "tests/persistence/store_client.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <utility>

namespace orc::test {

namespace {

constexpr std::chrono::seconds patience{60};

template <class Answer, class Request>
caf::expected<Answer>
ask(caf::actor_system& system, const run_store_actor& store, Request request) {
  caf::scoped_actor self{system};
  caf::expected<Answer> result{caf::error{}};
  self->request(store, patience, std::move(request))
    .receive([&](Answer& x) { result = std::move(x); },
             [&](caf::error& x) { result = std::move(x); });
  return result;
}

template <class Answer>
Answer must(caf::expected<Answer> x) {
  if (!x)
    FAIL(message_of(x.error()));
  return std::move(*x);
}

} // namespace

void store_client::stop() {
  if (std::exchange(stopped_, true))
    return;
  caf::scoped_actor self{*system_};
  self->send_exit(store_, caf::exit_reason::user_shutdown);
  self->wait_for(store_);
}

caf::expected<inserted_runs>
store_client::try_insert(std::vector<new_run> runs) {
  return ask<inserted_runs>(*system_, store_, insert_runs{std::move(runs)});
}

std::uint64_t next_revision() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

caf::expected<saved>
store_client::try_save(run_record record, json_text input) {
  if (record.revision == 0)
    record.revision = next_revision();
  return ask<saved>(*system_, store_,
                    save_run{std::move(record), std::move(input)});
}

caf::expected<saved> store_client::try_settle(run_record record) {
  return ask<saved>(*system_, store_, settle_run{std::move(record)});
}

caf::expected<saved> store_client::try_save_account(stored_account account) {
  return ask<saved>(*system_, store_, save_account{std::move(account)});
}

caf::expected<stored_accounts> store_client::try_accounts() {
  return ask<stored_accounts>(*system_, store_, load_accounts{});
}

caf::expected<loaded_run> store_client::try_load(run_key key) {
  return ask<loaded_run>(*system_, store_, load_run{key});
}

caf::expected<run_record> store_client::try_find(run_ref ref) {
  return ask<run_record>(*system_, store_, find_run{std::move(ref)});
}

caf::expected<record_page> store_client::try_list(list_runs request) {
  return ask<record_page>(*system_, store_, std::move(request));
}

caf::expected<store_health> store_client::try_check() {
  return ask<store_health>(*system_, store_, check_store{});
}

inserted_run store_client::insert(run_record record, std::string input) {
  auto answer
    = must(try_insert({{std::move(record), json_text{std::move(input)}}}));
  REQUIRE(answer.runs.size() == 1);
  return std::move(answer.runs.front());
}

void store_client::save(run_record record, json_text input) {
  must(try_save(std::move(record), std::move(input)));
}

record_page store_client::list(list_runs request) {
  return must(try_list(std::move(request)));
}

unfinished_runs store_client::unfinished(load_unfinished request) {
  return must(ask<unfinished_runs>(*system_, store_, request));
}

std::vector<run_record> store_client::unsettled(load_unsettled request) {
  return must(ask<unsettled_runs>(*system_, store_, std::move(request)))
    .records;
}

bound_runs store_client::bound(std::vector<std::string> run_ids) {
  return must(
    ask<bound_runs>(*system_, store_, find_bound{std::move(run_ids)}));
}

run_totals store_client::totals(std::string space, std::string batch) {
  return must(ask<run_totals>(*system_, store_,
                              load_totals{std::move(space), std::move(batch)}));
}

std::uint64_t store_client::prune(timestamp finished_before) {
  return must(ask<pruned_runs>(*system_, store_, prune_runs{finished_before}))
    .count;
}

std::vector<caf::error>
store_client::save_all(const std::vector<run_record>& records) {
  caf::scoped_actor self{*system_};
  std::vector<caf::error> result(records.size());
  using handle = decltype(self->request(store_, patience, save_run{}));
  std::vector<handle> pending;
  for (auto x : records) {
    x.revision = next_revision();
    pending.push_back(self->request(store_, patience, save_run{x, {}}));
  }
  for (std::size_t i = 0; i < pending.size(); ++i)
    pending[i].receive([](saved) {},
                       [&](caf::error& x) { result[i] = std::move(x); });
  return result;
}

run_record make_record(std::string name, std::string space) {
  run_record result;
  result.view.name = std::move(name);
  result.view.space = std::move(space);
  result.view.actor = "apify/hello-world";
  result.view.account = "default";
  result.view.submitted_at = {1'700'000'000'000};
  result.target = {"apify/hello-world", false};
  result.options.memory = mebibytes{256};
  return result;
}

run_record in_state(run_record x, run_state state, timestamp finished_at) {
  x.revision = 0;
  x.view.state = state;
  if (state == run_state::starting)
    x.intent = start_intent{"marker", {1'700'000'000'000}};
  if (is_final(state))
    x.view.finished_at = finished_at;
  if (state == run_state::finished) {
    x.view.status = remote_status::succeeded;
    x.view.item_count = 10;
    x.view.usage_total_usd = 0.1;
  }
  return x;
}

run_record with_attempt(run_record x, std::string run_id) {
  attempt next;
  next.number = static_cast<std::uint32_t>(x.view.attempts.size() + 1);
  next.run_id = std::move(run_id);
  x.view.attempts.push_back(std::move(next));
  return x;
}

std::vector<std::string> names_of(const record_page& page) {
  std::vector<std::string> result;
  for (const auto& x : page.records)
    result.push_back(x.view.name);
  return result;
}

} // namespace orc::test
