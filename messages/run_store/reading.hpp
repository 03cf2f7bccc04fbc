#pragma once

#include "messages/base/message.hpp"
#include "messages/run_record.hpp"

#include <map>

namespace orc {

/// Asks for one run by its key, input included.
struct load_run {
  run_key key;

  static constexpr auto fields
    = describe("load_run", "Asks for a run and its input.",
               field("key", &load_run::key, "Its key."));
};

struct loaded_run {
  run_record record;
  json_text input;

  static constexpr auto fields
    = describe("loaded_run", "Answers load_run.",
               field("record", &loaded_run::record, "All but its input."),
               field("input", &loaded_run::input, "Its input."));
};

/// Asks for one run by its name.
struct find_run {
  run_ref ref;

  static constexpr auto fields
    = describe("find_run", "Asks for a run by its name.",
               field("ref", &find_run::ref, "Namespace and name."));
};

/// Asks for a page of runs, newest first.
struct list_runs {
  /// Only this namespace, unless empty.
  std::string space;
  /// Only this batch of the namespace, unless empty.
  std::string batch;
  /// Only these states, unless empty.
  std::vector<run_state> states;
  /// 1 to 1000.
  std::uint32_t limit = 100;
  /// Where the page before ended; empty for the first.
  std::string cursor;

  static constexpr auto fields
    = describe("list_runs", "Asks for a page of runs, newest first.",
               field("namespace", &list_runs::space, "Only this one."),
               field("batch", &list_runs::batch, "Only this one of it."),
               field("states", &list_runs::states, "Only these."),
               field("limit", &list_runs::limit, "1 to 1000."),
               field("cursor", &list_runs::cursor, "Where to go on."));
};

/// Answers `list_runs`.
struct record_page {
  std::vector<run_record> records;
  /// Empty on the last page.
  std::string next_cursor;

  static constexpr auto fields
    = describe("record_page", "A page of runs.",
               field("records", &record_page::records, "Newest first."),
               field("nextCursor", &record_page::next_cursor, "Or empty."));
};

/// Asks which of some platform runs are bound to runs of ours.
struct find_bound {
  std::vector<std::string> run_ids;

  static constexpr auto fields
    = describe("find_bound", "Asks whose platform runs these are.",
               field("runIds", &find_bound::run_ids, "The platform's ids."));
};

struct bound_runs {
  std::map<std::string, run_key> owners;

  static constexpr auto fields
    = describe("bound_runs", "Answers find_bound.",
               field("owners", &bound_runs::owners, "Those that are bound."));
};

} // namespace orc

#define ORC_RUN_STORE_READING_MESSAGES(X)                                      \
  X(orc::load_run)                                                             \
  X(orc::loaded_run)                                                           \
  X(orc::find_run)                                                             \
  X(orc::list_runs)                                                            \
  X(orc::record_page)                                                          \
  X(orc::find_bound)                                                           \
  X(orc::bound_runs)

ORC_RUN_STORE_READING_MESSAGES(ORC_DECLARE_MESSAGE)
