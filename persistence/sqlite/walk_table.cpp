#include "persistence/sqlite/walk_table.hpp"

#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "persistence/sqlite/task_values.hpp"

#include <fmt/format.h>

#include <limits>

namespace orc::sqlite {

namespace {

constexpr std::string_view columns
  = "key, name, spec, state, counts, limits, started_at, finished_at, "
    "timed_from, next_page, scanned, resume_cursor, error";

std::string place_of(std::string_view name) {
  return fmt::format("walk:{}", name);
}

template <class Enum>
std::int64_t number_of(Enum x) {
  return static_cast<std::int64_t>(x);
}

std::optional<std::int64_t> column(const std::optional<timestamp>& x) {
  return x ? std::optional{x->millis} : std::nullopt;
}

std::optional<std::string> text_or_nothing(const cursor& row, int column) {
  if (row.is_null(column))
    return std::nullopt;
  return std::string{row.text(column)};
}

std::uint64_t unsigned_of(const cursor& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

} // namespace

walk_table::walk_table(database& db, seal_box& seal)
  : db_{db}, seal_{seal},
    add_{db.prepare("INSERT INTO walks (name, spec, state, counts, limits, "
                    "started_at, timed_from, next_page, scanned) "
                    "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9) "
                    "ON CONFLICT (name) DO NOTHING")},
    save_{db.prepare("UPDATE walks SET state=?2, counts=?3, limits=?4, "
                     "finished_at=?5, timed_from=?6, next_page=?7, scanned=?8, "
                     "resume_cursor=?9, error=?10 WHERE key=?1")},
    save_spec_{db.prepare("UPDATE walks SET spec=?2 WHERE key=?1")},
    find_{
      db.prepare(fmt::format("SELECT {} FROM walks WHERE name=?1", columns))},
    list_{db.prepare(fmt::format("SELECT {} FROM walks WHERE ?1 OR state=0 "
                                 "ORDER BY key DESC",
                                 columns))},
    put_{db.prepare("INSERT OR REPLACE INTO walk_pages "
                    "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)")},
    drop_{db.prepare("DELETE FROM walk_pages WHERE walk=?1 AND number=?2")},
    put_item_{
      db.prepare("INSERT OR REPLACE INTO walk_items VALUES (?1,?2,?3,?4,?5)")},
    drop_item_{db.prepare(
      "DELETE FROM walk_items WHERE walk=?1 AND page=?2 AND item=?3")},
    pages_{db.prepare("SELECT number, state, cursor, size, attempts, has_next, "
                      "started, due, error FROM walk_pages "
                      "WHERE walk=?1 AND state=?2 AND due<=?3 "
                      "ORDER BY due, number LIMIT ?4")},
    items_{db.prepare("SELECT item, text, error FROM walk_items "
                      "WHERE walk=?1 AND page=?2 ORDER BY item")},
    next_due_{db.prepare("SELECT min(due) FROM walk_pages "
                         "WHERE walk=?1 AND state=?2 AND due>?3")},
    due_now_{db.prepare("UPDATE walk_pages SET due=?2 "
                        "WHERE walk=?1 AND state=?3 AND due>?2")},
    revive_{db.prepare("UPDATE walk_pages SET state=?3, due=?2, started=0 "
                       "WHERE walk=?1 AND state=?4")} {
  // nop
}

caf::expected<found_walks> walk_table::add(const add_walk& request) {
  const auto& x = request.walk;
  auto sealed = seal_.seal(x.spec.reveal(), place_of(x.name));
  if (!sealed)
    return std::move(sealed.error());
  add_.run(std::string_view{x.name}, blob{*sealed}, number_of(x.state),
           std::string_view{to_json(x.counts)},
           std::string_view{to_json(x.limits)}, x.started_at.millis,
           x.timed_from.millis, row_of(x.next_page), std::int64_t{x.scanned});
  if (db_.changes() == 0)
    return make_error(ec::name_conflict,
                      fmt::format("name: there is a batch {} already", x.name));
  found_walks result{{x}};
  result.walks.front().key = static_cast<std::uint64_t>(db_.last_id());
  put(result.walks.front().key, request.first);
  return result;
}

caf::expected<saved> walk_table::save(const save_walk& request) {
  const auto& x = request.walk;
  if (request.with_spec) {
    auto sealed = seal_.seal(x.spec.reveal(), place_of(x.name));
    if (!sealed)
      return std::move(sealed.error());
    save_spec_.run(row_of(x.key), blob{*sealed});
  }
  save_record(x);
  for (const auto& page : request.pages)
    put(x.key, page);
  for (auto number : request.done)
    drop_.run(row_of(x.key), row_of(number));
  for (const auto& item : request.items_done)
    drop_item_.run(row_of(x.key), row_of(item.page), row_of(item.item));
  for (const auto& item : request.items)
    put_item_.run(row_of(x.key), row_of(item.page), row_of(item.item),
                  std::string_view{item.text}, std::string_view{item.error});
  return saved{};
}

caf::expected<found_walks> walk_table::find(const find_walks& request) {
  found_walks result;
  auto take = [&](cursor& rows) -> caf::error {
    while (rows.next()) {
      auto x = record_of(rows);
      if (!x)
        return std::move(x.error());
      result.walks.push_back(std::move(*x));
    }
    return {};
  };
  if (!request.name.empty()) {
    auto rows = find_.start(std::string_view{request.name});
    if (auto err = take(rows))
      return err;
    return result;
  }
  auto rows = list_.start(std::int64_t{!request.only_running});
  if (auto err = take(rows))
    return err;
  return result;
}

found_pages walk_table::pages(const find_walk_pages& request) {
  found_pages result;
  auto walk = row_of(request.walk);
  auto state = number_of(request.state);
  auto until = request.due_until ? request.due_until->millis
                                 : std::numeric_limits<std::int64_t>::max();
  for (auto row = pages_.start(walk, state, until, row_of(request.limit));
       row.next();) {
    stored_page x;
    x.number = unsigned_of(row, 0);
    x.state = static_cast<page_state>(row.integer(1));
    x.cursor = row.text(2);
    x.size = unsigned_of(row, 3);
    x.attempts = static_cast<std::uint32_t>(row.integer(4));
    x.has_next = row.integer(5) != 0;
    x.started = row.integer(6) != 0;
    x.due = {row.integer(7)};
    x.error = row.text(8);
    result.pages.push_back(std::move(x));
  }
  if (request.state != page_state::live)
    for (const auto& x : result.pages)
      for (auto row = items_.start(walk, row_of(x.number)); row.next();)
        result.items.push_back({x.number, unsigned_of(row, 0),
                                std::string{row.text(1)},
                                std::string{row.text(2)}});
  if (request.due_until) {
    auto row = next_due_.start(walk, state, until);
    if (row.next() && !row.is_null(0))
      result.next_due = timestamp{row.integer(0)};
  }
  return result;
}

caf::expected<revived_pages>
walk_table::revive(const revive_walk_pages& request) {
  // Pages that have failed by now are among those that are stuck again.
  if (auto done = save(request.change); !done)
    return std::move(done.error());
  revived_pages result;
  result.walk = request.change.walk;
  auto walk = row_of(result.walk.key);
  auto stuck = number_of(page_state::stuck);
  due_now_.run(walk, request.now.millis, stuck);
  if (!request.failed)
    return result;
  revive_.run(walk, request.now.millis, stuck, number_of(page_state::failed));
  result.failed = static_cast<std::uint64_t>(db_.changes());
  revive_.run(walk, request.now.millis, stuck, number_of(page_state::flawed));
  result.flawed = static_cast<std::uint64_t>(db_.changes());
  count_revived(result.walk.counts, result);
  save_record(result.walk);
  return result;
}

void walk_table::save_record(const walk_record& x) {
  save_.run(row_of(x.key), number_of(x.state),
            std::string_view{to_json(x.counts)},
            std::string_view{to_json(x.limits)}, column(x.finished_at),
            x.timed_from.millis, row_of(x.next_page), std::int64_t{x.scanned},
            column(x.resume_cursor), column(x.error));
}

void walk_table::put(std::uint64_t walk, const stored_page& x) {
  put_.run(row_of(walk), row_of(x.number), number_of(x.state),
           std::string_view{x.cursor}, row_of(x.size), std::int64_t{x.attempts},
           std::int64_t{x.has_next}, std::int64_t{x.started}, x.due.millis,
           std::string_view{x.error});
}

caf::expected<walk_record> walk_table::record_of(const cursor& row) {
  walk_record x;
  x.key = unsigned_of(row, 0);
  x.name = row.text(1);
  auto spec = seal_.open(row.bytes(2), place_of(x.name));
  if (!spec)
    return std::move(spec.error());
  x.spec = secret{std::move(*spec)};
  x.state = static_cast<walk_state>(row.integer(3));
  auto counts = from_json<walk_counts>(row.text(4));
  auto limits = from_json<walk_limits>(row.text(5));
  if (!counts || !limits)
    return make_error(ec::store_corrupt,
                      fmt::format("what is stored of batch {} is damaged",
                                  x.name));
  x.counts = *counts;
  x.limits = std::move(*limits);
  x.started_at = {row.integer(6)};
  if (auto at = row.optional_integer(7))
    x.finished_at = timestamp{*at};
  x.timed_from = {row.integer(8)};
  x.next_page = unsigned_of(row, 9);
  x.scanned = row.integer(10) != 0;
  x.resume_cursor = text_or_nothing(row, 11);
  x.error = text_or_nothing(row, 12);
  return x;
}

} // namespace orc::sqlite
