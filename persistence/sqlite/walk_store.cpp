#include "persistence/sqlite/walk_store.hpp"

#include "messages/base/log.hpp"
#include "persistence/sqlite/grouped_store.hpp"
#include "persistence/sqlite/integrity.hpp"
#include "persistence/sqlite/schema.hpp"
#include "persistence/sqlite/walk_table.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

namespace orc {

namespace sqlite {

namespace {

constexpr logger walk_log{"batch"};

using walk_keeper = walk_store_actor::extend<caf::reacts_to<end_group>>;

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

class walk_store_state {
public:
  static inline const char* name = "walk-store";

  explicit walk_store_state(walk_keeper::pointer self) : self_{self} {
    // nop
  }

  walk_store_state(const walk_store_state&) = delete;

  walk_store_state& operator=(const walk_store_state&) = delete;

  /// Ends the open transaction: whoever asked gets an answer.
  ~walk_store_state() {
    if (open_)
      open_->group.commit();
  }

  walk_keeper::behavior_type make_behavior(std::shared_ptr<open_walks> open) {
    open_ = std::move(open);
    auto& in = grouped_.emplace(self_, open_->group);
    auto& walks = open_->walks;
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
      [this](const end_group&) { open_->group.commit(); },
    };
  }

private:
  walk_keeper::pointer self_;
  std::shared_ptr<open_walks> open_;
  std::optional<grouped_store<walk_keeper::pointer>> grouped_;
};

walk_keeper::behavior_type
keep_walks(walk_keeper::stateful_pointer<walk_store_state> self,
           std::shared_ptr<open_walks> open) {
  return self->state.make_behavior(std::move(open));
}

std::shared_ptr<open_walks>
open_database(const std::filesystem::path& file, key_source key) {
  database db{file};
  check_version(db, walk_migrations());
  check_integrity(db, integrity_check::quick);
  configure(db);
  migrate(db, walk_migrations());
  return std::make_shared<open_walks>(std::move(db), std::move(key));
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
  try {
    auto open = sqlite::open_database(file, sqlite::key_of(options));
    sqlite::walk_log.info("opened", "file={}", file.string());
    auto actor = system.spawn<caf::detached>(sqlite::keep_walks, open);
    return caf::actor_cast<walk_store_actor>(actor);
  } catch (const sqlite::failure& problem) {
    auto message = message_of(problem.error());
    if (message.find(file.string()) != std::string::npos)
      return problem.error();
    return make_error(code_of(problem.error()),
                      fmt::format("{}: {}", file.string(), message));
  }
}

} // namespace orc
