#include "persistence/sqlite/totals_table.hpp"

#include "persistence/sqlite/row_values.hpp"

#include <cmath>

namespace orc::sqlite {

totals_table::totals_table(database& db)
  : add_{db.prepare("INSERT INTO totals VALUES (?1,?2,?3,?4,?5,?6) "
                    "ON CONFLICT DO UPDATE SET runs=runs+excluded.runs, "
                    "items=items+excluded.items, "
                    "nano_usd=nano_usd+excluded.nano_usd")},
    load_{db.prepare("SELECT namespace, state, status, runs, items, nano_usd "
                     "FROM totals WHERE ?1='' OR namespace=?1")},
    load_batch_{db.prepare(
      "SELECT state, coalesce(status,''), count(*), total(item_count), "
      "total(usage_total_usd) FROM runs WHERE namespace=?1 AND batch=?2 "
      "GROUP BY state, status")} {
  // nop
}

void totals_table::flush() {
  for (const auto& [where, what] : changes_.groups())
    add_.run(std::string_view{where.space}, name_of(where.state),
             where.status ? name_of(*where.status) : std::string_view{},
             what.runs, what.items, what.nano_usd);
  changes_.clear();
}

void totals_table::forget() {
  changes_.clear();
}

run_totals totals_table::load_batch(const load_totals& request) {
  run_tally tally;
  for (auto rows = load_batch_.start(std::string_view{request.space},
                                     std::string_view{request.batch});
       rows.next();)
    tally.add({request.space, state_of(rows, 0), status_of(rows, 1)},
              {rows.integer(2), std::llround(rows.real(3)),
               std::llround(rows.real(4) * 1e9)});
  return tally.totals(request.space);
}

run_totals totals_table::load(const load_totals& request) {
  if (!request.batch.empty())
    return load_batch(request);
  auto tally = changes_;
  for (auto rows = load_.start(std::string_view{request.space}); rows.next();)
    tally.add({std::string{rows.text(0)}, state_of(rows, 1),
               status_of(rows, 2)},
              {rows.integer(3), rows.integer(4), rows.integer(5)});
  return tally.totals(request.space);
}

} // namespace orc::sqlite
