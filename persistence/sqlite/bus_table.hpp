#pragma once

#include "messages/bus/bus_store.hpp"
#include "persistence/sqlite/hook_table.hpp"

namespace orc::sqlite {

/// Durable commands of the bus. Each write runs in a transaction that somebody
/// else began.
class bus_table {
public:
  bus_table(database& db, hook_table& outbox);

  known_command begin(const begin_command& request);
  saved end(const end_command& request);
  saved forget(const forget_command& request);
  saved owe(const owe_events& request);
  saved prune(const prune_commands& request);

private:
  hook_table& outbox_;
  statement find_;
  statement begin_;
  statement end_;
  statement forget_;
  statement prune_;
};

} // namespace orc::sqlite
