#pragma once

#include "messages/task/task_store.hpp"
#include "persistence/sqlite/database.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orc::sqlite {

/// Tasks and what a change of one of them is, in SQL.
class task_table {
public:
  /// @param store 22 bits that tell stores apart, for ids.
  task_table(database& db, std::uint32_t store);

  stored_tasks change(const change_tasks& request);
  caf::expected<stored_tasks> find(const find_tasks& request);
  checked_tasks check(const check_tasks& request);
  live_tasks load(const load_live_tasks& request);

  /// @returns a task that is there.
  task show(std::uint64_t key);

  /// @returns whether there is one, complete or not.
  bool has(std::uint64_t key);

  /// @param row of `live_columns`
  /// @returns what TASKS has to know of one that is there and not complete.
  live_task live(const cursor& row);

private:
  void insert(const new_task& x);
  void apply(const task_change& x);

  /// What tasks show of their group.
  struct group_shown {
    std::uint64_t key = 0;
    std::string id;
    bool is_paused = false;
  };

  group_shown show_group(std::uint64_t key);

  /// @returns whether a group has this very id.
  bool is_group(std::uint64_t key, std::string_view id);

  /// @returns how a task is that was just added: what is known is not read.
  task show_added(const new_task& x, const group_shown& group) const;

  /// @returns the parents that are there, in the order in which they are named.
  std::vector<task_parent> parents_of(std::uint64_t key);
  void sort_as_named(std::vector<task_parent>& parents, std::uint64_t child);

  template <class Owner>
  stored_tasks
  list(statement& rows, const Owner& owner, const find_tasks& request);

  std::uint32_t store_;
  statement insert_;
  statement link_;
  statement lease_;
  statement unlease_;
  statement fail_;
  statement complete_;
  statement delay_;
  statement parents_complete_;
  statement show_;
  statement group_;
  statement parents_;
  statement parent_ids_;
  statement of_group_;
  statement on_channel_;
  statement dead_;
  statement id_;
  statement live_;
  statement open_parents_;
};

} // namespace orc::sqlite
