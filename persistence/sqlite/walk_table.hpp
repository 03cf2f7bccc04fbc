#pragma once

#include "messages/walk/walk_store.hpp"
#include "persistence/sqlite/database.hpp"
#include "persistence/sqlite/seal_box.hpp"

#include <caf/expected.hpp>

namespace orc::sqlite {

/// Batches that walk data sets, and their pages, in SQL.
class walk_table {
public:
  /// @param seal outlives this.
  walk_table(database& db, seal_box& seal);

  caf::expected<found_walks> add(const add_walk& request);
  caf::expected<saved> save(const save_walk& request);
  caf::expected<found_walks> find(const find_walks& request);
  found_pages pages(const find_walk_pages& request);
  caf::expected<revived_pages> revive(const revive_walk_pages& request);

private:
  void save_record(const walk_record& x);
  void put(std::uint64_t walk, const stored_page& x);
  caf::expected<walk_record> record_of(const cursor& row);

  database& db_;
  seal_box& seal_;
  statement add_;
  statement save_;
  statement save_spec_;
  statement find_;
  statement list_;
  statement put_;
  statement drop_;
  statement put_item_;
  statement drop_item_;
  statement pages_;
  statement items_;
  statement next_due_;
  statement due_now_;
  statement revive_;
};

} // namespace orc::sqlite
