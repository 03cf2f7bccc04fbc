#include "persistence/sqlite/walk_store.hpp"

#include "messages/base/log.hpp"
#include "persistence/sqlite/keeper.hpp"
#include "persistence/sqlite/seal_box.hpp"
#include "persistence/sqlite/walk_table.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <utility>

namespace orc {

namespace sqlite {

namespace {

constexpr logger walk_log{"batch"};

struct open_walks {
  open_walks(database connection, key_source key)
    : db{std::move(connection)}, seal{db, std::move(key)}, walks{db, seal},
      group{db} {
    // nop
  }

  database db;
  seal_box seal;
  walk_table walks;
  group_commit group;
};

class walk_store_state : public keeper<walk_store_actor, open_walks> {
public:
  static inline const char* name = "walk-store";

  using keeper::keeper;

  actor::behavior_type make_behavior(std::shared_ptr<open_walks> open) {
    auto& in = take(std::move(open));
    auto& walks = opened().walks;
    return {
      [&](const add_walk& x) { return in.write(walks, &walk_table::add, x); },
      [&](const save_walk& x) {
        return in.write(walks, &walk_table::save, x,
                        1 + x.pages.size() + x.done.size() + x.items.size());
      },
      [&](const find_walks& x) { return in.read(walks, &walk_table::find, x); },
      [&](const find_walk_pages& x) {
        return in.read(walks, &walk_table::pages, x);
      },
      [&](const revive_walk_pages& x) {
        return in.write(walks, &walk_table::revive, x);
      },
      [this](const end_group&) { commit(); },
    };
  }
};

using walk_keeper = walk_store_state::actor;

walk_keeper::behavior_type
keep_walks(walk_keeper::stateful_pointer<walk_store_state> self,
           std::shared_ptr<open_walks> open) {
  return self->state.make_behavior(std::move(open));
}

/// In memory nothing is to be hidden, but the code is the same: any key will
/// do.
key_source key_of(const walk_store_options& x) {
  if (x.directory.empty() && x.key.empty())
    return {secret{std::string(43, 'A') + "="}, {}};
  return {x.key, x.directory / "seal.key"};
}

} // namespace

} // namespace sqlite

caf::expected<walk_store_actor>
open_walk_store(caf::actor_system& system, const walk_store_options& options) {
  auto file = options.directory.empty() ? std::filesystem::path{}
                                        : options.directory / "batches.db";
  return sqlite::start_keeper<walk_store_actor>(file, [&] {
    auto open = std::make_shared<sqlite::open_walks>(
      sqlite::open_database(file, sqlite::walk_migrations()),
      sqlite::key_of(options));
    sqlite::walk_log.info("opened", "file={}", file.string());
    return system.spawn<caf::detached>(sqlite::keep_walks, std::move(open));
  });
}

} // namespace orc
