#include "persistence/sqlite/hook_table.hpp"

#include "messages/base/log.hpp"
#include "persistence/sqlite/row_values.hpp"

#include <algorithm>
#include <array>
#include <sodium.h>
#include <utility>

namespace orc::sqlite {

namespace {

/// Not `log`: in a unity build that would be the one of all other files.
constexpr logger hooks_log{"hooks"};

/// Counting a backlog takes milliseconds: it is done once for so many.
constexpr std::uint64_t measured_every = 256;

constexpr std::uint32_t most_at_once = 1'000;

/// Tells URLs apart without telling them.
std::string digest_of(const secret& url) {
  std::array<unsigned char, crypto_generichash_BYTES> result{};
  const auto& text = url.reveal();
  crypto_generichash(result.data(), result.size(),
                     reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  return {result.begin(), result.end()};
}

std::int64_t number_of(std::uint64_t x) {
  return static_cast<std::int64_t>(x);
}

std::optional<std::int64_t> millis_of(const std::optional<timestamp>& x) {
  return x ? std::optional{x->millis} : std::nullopt;
}

hook_delivery delivery_of(const cursor& row) {
  hook_delivery result;
  result.id = static_cast<std::uint64_t>(row.integer(0));
  result.hook = row.text(1);
  result.state = named<delivery_state>(row, 2);
  result.run = static_cast<std::uint64_t>(row.integer(3));
  result.event_id = row.text(4);
  result.since = {row.integer(5)};
  result.attempts = static_cast<std::uint32_t>(row.integer(6));
  if (auto next = row.optional_integer(7))
    result.next_at = timestamp{*next};
  result.problem = row.text(8);
  result.event = json_text{std::string{row.text(9)}};
  return result;
}

} // namespace

hook_table::hook_table(database& db)
  : db_{db}, outbox_{db.text("SELECT value FROM meta WHERE name='instance'")},
    insert_{db.prepare(
      "INSERT INTO hook_deliveries (hook, state, run_key, event_id, since, "
      "attempts, problem, event) VALUES (?1,'pending',?2,?3,?4,0,'',?5)")},
    count_{db.prepare("SELECT count(*) FROM hook_deliveries WHERE hook=?1")},
    drop_{db.prepare(
      "DELETE FROM hook_deliveries WHERE id IN (SELECT id FROM hook_deliveries "
      "WHERE hook=?1 ORDER BY state, id LIMIT ?2)")},
    counts_{db.prepare("SELECT state, count(*) FROM hook_deliveries WHERE "
                       "hook=?1 GROUP BY state")},
    oldest_{db.prepare("SELECT since FROM hook_deliveries WHERE hook=?1 AND "
                       "state='pending' ORDER BY id LIMIT 1")},
    load_{db.prepare("SELECT id, hook, state, run_key, event_id, since, "
                     "attempts, next_at, problem, event FROM hook_deliveries "
                     "WHERE hook=?1 AND state=?2 AND id>?3 ORDER BY id "
                     "LIMIT ?4")},
    remove_{db.prepare("DELETE FROM hook_deliveries WHERE id=?1")},
    settle_{db.prepare("UPDATE hook_deliveries SET state=?2, attempts=?3, "
                       "next_at=?4, problem=?5 WHERE id=?1")},
    give_up_{db.prepare("UPDATE hook_deliveries SET state='dead', next_at=NULL,"
                        " problem=?2 WHERE hook=?1 AND state='pending'")},
    revive_{db.prepare("UPDATE hook_deliveries SET state='pending', since=?2, "
                       "attempts=0, next_at=NULL WHERE hook=?1 AND "
                       "state='dead'")},
    revive_one_{db.prepare("UPDATE hook_deliveries SET state='pending', "
                           "since=?2, attempts=0, next_at=NULL WHERE hook=?1 "
                           "AND state='dead' AND id=?3")},
    expire_{db.prepare("DELETE FROM hook_deliveries WHERE state='dead' AND "
                       "since<?1")},
    disabled_{db.prepare("SELECT url_digest, because FROM disabled_hooks WHERE "
                         "name=?1")},
    put_disabled_{
      db.prepare("INSERT OR REPLACE INTO disabled_hooks VALUES (?1,?2,?3)")},
    enable_{db.prepare("DELETE FROM disabled_hooks WHERE name=?1")} {
  // nop
}

void hook_table::add(const std::optional<tallied_run>& before,
                     const run_record& after) {
  if (!outbox_.is_active())
    return;
  for (const auto& x : outbox_.owed(before, after, now()))
    insert(x);
}

void hook_table::owe(const owe_events& request) {
  auto at = now();
  for (const auto& x : outbox_.owed(request, at))
    insert(x);
}

void hook_table::owe(const std::vector<publish_event>& facts) {
  for (const auto& x : outbox_.owed(facts, now()))
    insert(x);
}

void hook_table::insert(const hook_delivery& x) {
  insert_.run(std::string_view{x.hook}, number_of(x.run),
              std::string_view{x.event_id}, x.since.millis, x.event.view());
  added_ = true;
  auto& backlog = backlogs_[x.hook];
  if (++backlog.added >= measured_every)
    bound_backlog(*outbox_.find(x.hook));
}

void hook_table::bound_backlog(const hook_filter& hook) {
  auto& backlog = backlogs_[hook.name];
  backlog.added = 0;
  std::int64_t kept = 0;
  if (auto row = count_.start(std::string_view{hook.name}); row.next())
    kept = row.integer(0);
  auto excess = kept - number_of(hook.max_backlog);
  if (excess <= 0)
    return;
  drop_.run(std::string_view{hook.name}, excess);
  backlog.dropped += static_cast<std::uint64_t>(excess);
  hooks_log.error("deliveries-dropped", "webhook={} count={} max_backlog={}",
                  hook.name, excess, hook.max_backlog);
}

saved hook_table::follow(const follow_hooks& request) {
  outbox_.follow(request.hooks);
  for (const auto& hook : request.hooks) {
    auto differs = false;
    auto known = false;
    if (auto row = disabled_.start(std::string_view{hook.name}); row.next()) {
      known = true;
      differs = row.bytes(0) != digest_of(hook.url);
    }
    if (differs)
      enable_.run(std::string_view{hook.name});
    outbox_.disable(hook.name, known && !differs);
    bound_backlog(hook);
  }
  return {};
}

hook_records hook_table::records(const load_hooks&) {
  hook_records result;
  for (const auto& hook : outbox_.hooks())
    result.hooks.push_back(record_of_hook(hook));
  return result;
}

hook_record hook_table::record_of_hook(const hook_filter& hook) {
  hook_record result;
  result.name = hook.name;
  result.dropped = backlogs_[hook.name].dropped;
  for (auto rows = counts_.start(std::string_view{hook.name}); rows.next();) {
    auto is_pending = rows.text(0) == name_of(delivery_state::pending);
    (is_pending ? result.pending : result.dead)
      = static_cast<std::uint64_t>(rows.integer(1));
  }
  if (auto row = oldest_.start(std::string_view{hook.name}); row.next())
    result.oldest_pending = timestamp{row.integer(0)};
  if (auto row = disabled_.start(std::string_view{hook.name}); row.next()) {
    result.disabled = true;
    result.disabled_because = row.text(1);
  }
  return result;
}

delivery_page hook_table::load(const load_deliveries& request) {
  auto limit = std::clamp(request.limit, 1U, most_at_once);
  delivery_page result;
  auto rows = load_.start(std::string_view{request.hook},
                          std::string_view{name_of(request.state)},
                          number_of(request.after), std::int64_t{limit} + 1);
  while (rows.next()) {
    if (result.items.size() == limit) {
      result.next_after = result.items.back().id;
      break;
    }
    result.items.push_back(delivery_of(rows));
  }
  return result;
}

saved hook_table::settle(const settle_delivery& x) {
  if (x.end == delivery_end::delivered) {
    remove_.run(number_of(x.id));
    return {};
  }
  auto state = x.end == delivery_end::dead ? delivery_state::dead
                                           : delivery_state::pending;
  settle_.run(number_of(x.id), std::string_view{name_of(state)},
              std::int64_t{x.attempts}, millis_of(x.next_at),
              std::string_view{x.problem});
  return {};
}

saved hook_table::disable(const disable_hook& x) {
  const auto* hook = outbox_.find(x.name);
  if (!hook)
    return {};
  put_disabled_.run(std::string_view{x.name}, blob{digest_of(hook->url)},
                    std::string_view{x.because});
  give_up_.run(std::string_view{x.name}, std::string_view{x.because});
  outbox_.disable(x.name, true);
  return {};
}

redriven_deliveries hook_table::redrive(const redrive_deliveries& x) {
  enable_.run(std::string_view{x.hook});
  outbox_.disable(x.hook, false);
  redriven_deliveries result;
  auto count
    = [&] { result.count += static_cast<std::uint64_t>(db_.changes()); };
  auto at = now().millis;
  if (x.ids.empty()) {
    revive_.run(std::string_view{x.hook}, at);
    count();
  }
  for (auto id : x.ids) {
    revive_one_.run(std::string_view{x.hook}, at, number_of(id));
    count();
  }
  added_ = added_ || result.count > 0;
  return result;
}

redriven_deliveries hook_table::prune(const prune_deliveries& x) {
  expire_.run(x.before.millis);
  return {static_cast<std::uint64_t>(db_.changes())};
}

} // namespace orc::sqlite
