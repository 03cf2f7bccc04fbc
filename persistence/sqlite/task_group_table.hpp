#pragma once

#include "messages/task/task_store.hpp"
#include "persistence/sqlite/database.hpp"

#include <caf/expected.hpp>

namespace orc::sqlite {

/// Groups of tasks.
class task_group_table {
public:
  /// @param store 22 bits that tell stores apart, for ids.
  task_group_table(database& db, std::uint32_t store);

  task_groups save(const save_task_group& request);
  caf::expected<task_groups> find(const find_task_groups& request);
  task_book_summary summary(const load_task_book& request);

  /// @returns the group, or nothing if there is none.
  std::vector<task_group> show(std::uint64_t key);

private:
  /// @returns how many tasks are on each.
  std::vector<task_channel> channels();
  task_group group_of(const cursor& row) const;

  database& db_;
  std::uint32_t store_;
  statement save_;
  statement show_;
  statement list_;
  statement count_;
  statement all_;
  statement last_;
  statement channels_;
};

} // namespace orc::sqlite
