#pragma once

#include "persistence/sqlite/account_table.hpp"
#include "persistence/sqlite/batch_table.hpp"
#include "persistence/sqlite/bus_table.hpp"
#include "persistence/sqlite/directory_lock.hpp"
#include "persistence/sqlite/group_commit.hpp"
#include "persistence/sqlite/ledger_table.hpp"
#include "persistence/sqlite/run_queries.hpp"
#include "persistence/sqlite/run_table.hpp"
#include "persistence/sqlite/sample_table.hpp"
#include "persistence/sqlite/split_table.hpp"
#include "persistence/sqlite/start_table.hpp"

namespace orc::sqlite {

/// A store that is open, locked, up to date and known to be whole.
struct open_store {
  open_store(directory_lock held, database connection, const key_source& key);

  directory_lock lock;
  database db;
  totals_table totals;
  hook_table hooks;
  run_table runs;
  run_queries queries;
  account_table accounts;
  split_table splits;
  batch_table batches;
  start_table starts;
  ledger_table ledger;
  sample_table samples;
  bus_table commands;
  group_commit group;
  statement touch;
};

} // namespace orc::sqlite
