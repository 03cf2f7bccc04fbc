#include "persistence/sqlite/task_group_table.hpp"

#include "messages/base/error.hpp"
#include "messages/task/object_id.hpp"
#include "persistence/sqlite/task_values.hpp"

#include <fmt/format.h>

namespace orc::sqlite {

task_group_table::task_group_table(database& db, std::uint32_t store)
  : db_{db}, store_{store},
    save_{
      db.prepare("INSERT INTO task_groups (key, name, paused, created_at) "
                 "VALUES (?1,?2,?3,?4) ON CONFLICT (key) DO UPDATE SET "
                 "name=coalesce(excluded.name, name), paused=excluded.paused")},
    show_{db.prepare("SELECT key, name, paused, created_at FROM task_groups "
                     "WHERE key=?1")},
    list_{db.prepare("SELECT key, name, paused, created_at FROM task_groups "
                     "WHERE created_at<?3 ORDER BY key DESC LIMIT ?1 "
                     "OFFSET ?2")},
    count_{db.prepare("SELECT count(*) FROM task_groups")},
    all_{db.prepare("SELECT key, paused, created_at, resetting "
                    "FROM task_groups")},
    last_{db.prepare("SELECT coalesce(max(seq), 0) FROM sqlite_sequence "
                     "WHERE name=?1")},
    channels_{db.prepare("SELECT channel, count(*) FROM tasks "
                         "WHERE channel>'' GROUP BY channel")} {
  // nop
}

task_groups task_group_table::save(const save_task_group& request) {
  const auto& x = request.group;
  save_.run(row_of(x.key), column(request.name), std::int64_t{x.is_paused},
            x.created_at.millis);
  return {show(x.key), 0};
}

caf::expected<task_groups>
task_group_table::find(const find_task_groups& request) {
  if (!request.id.empty()) {
    if (auto key = key_of_object_id(request.id))
      if (auto found = show(*key);
          !found.empty() && found.front().id == request.id)
        return task_groups{std::move(found), 1};
    return make_error(ec::not_found, fmt::format("TaskGroup with id {} not "
                                                 "found!",
                                                 request.id));
  }
  task_groups result;
  auto limit = request.limit == 0 ? std::int64_t{-1} : row_of(request.limit);
  auto before = request.created_before.millis == 0
                  ? std::numeric_limits<std::int64_t>::max()
                  : request.created_before.millis;
  for (auto row = list_.start(limit, row_of(request.skip), before); row.next();)
    result.groups.push_back(group_of(row));
  auto count = count_.start();
  count.next();
  result.count = static_cast<std::uint64_t>(count.integer(0));
  return result;
}

task_book_summary task_group_table::summary(const load_task_book&) {
  task_book_summary result;
  result.store = store_;
  auto last = [this](std::string_view table) {
    auto row = last_.start(table);
    row.next();
    return static_cast<std::uint64_t>(row.integer(0));
  };
  result.last_task = last("tasks");
  result.last_group = last("task_groups");
  for (auto row = all_.start(); row.next();)
    result.groups.push_back({static_cast<std::uint64_t>(row.integer(0)),
                             {row.integer(2)},
                             row.integer(1) != 0,
                             static_cast<std::uint64_t>(row.integer(3))});
  result.channels = channels();
  return result;
}

std::vector<task_channel> task_group_table::channels() {
  std::vector<task_channel> result;
  for (auto row = channels_.start(); row.next();) {
    task_channel x;
    x.name = row.text(0);
    x.total = static_cast<std::uint64_t>(row.integer(1));
    result.push_back(std::move(x));
  }
  return result;
}

std::vector<task_group> task_group_table::show(std::uint64_t key) {
  std::vector<task_group> result;
  if (auto row = show_.start(row_of(key)); row.next())
    result.push_back(group_of(row));
  return result;
}

task_group task_group_table::group_of(const cursor& row) const {
  task_group x;
  x.created_at = {row.integer(3)};
  x.id = make_object_id(orc::id_of::group, x.created_at, store_,
                        static_cast<std::uint64_t>(row.integer(0)));
  if (!row.is_null(1))
    x.name = row.text(1);
  x.is_paused = row.integer(2) != 0;
  return x;
}

} // namespace orc::sqlite
