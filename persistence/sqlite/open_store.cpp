#include "persistence/sqlite/open_store.hpp"

#include <utility>

namespace orc::sqlite {

open_store::open_store(directory_lock held, database connection,
                       const key_source& key)
  : lock{std::move(held)}, db{std::move(connection)}, totals{db}, hooks{db},
    runs{db, totals, hooks}, queries{db}, accounts{db, key}, splits{db},
    batches{db}, starts{db}, ledger{db, hooks}, samples{db}, commands{db,
                                                                      hooks},
    group{db, {[this] { totals.flush(); }, [this] { totals.forget(); }}},
    touch{db.prepare("INSERT OR REPLACE INTO meta VALUES ('checked-at', ?1)")} {
  // nop
}

} // namespace orc::sqlite
