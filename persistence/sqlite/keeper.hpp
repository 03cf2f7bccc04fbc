#pragma once

#include "messages/base/error.hpp"
#include "persistence/sqlite/grouped_store.hpp"
#include "persistence/sqlite/integrity.hpp"
#include "persistence/sqlite/schema.hpp"

#include <caf/expected.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

namespace orc::sqlite {

/// The state of an actor that keeps a store in a database of its own. A class
/// that derives from it says what is done with each request.
/// @tparam Interface of the store.
/// @tparam Open what is opened of it: has `group`, a `group_commit` or a
///         `journaled_group`.
template <class Interface, class Open>
class keeper {
public:
  using actor = typename Interface::template extend<caf::reacts_to<end_group>>;

  explicit keeper(typename actor::pointer self) : self_{self} {
    // nop
  }

  keeper(const keeper&) = delete;
  keeper& operator=(const keeper&) = delete;

  /// Ends the open transaction: whoever asked gets an answer.
  ~keeper() {
    if (open_)
      open_->group.commit();
  }

protected:
  /// Takes over what was opened.
  /// @returns what answers requests by its parts.
  auto& take(std::shared_ptr<Open> open) {
    open_ = std::move(open);
    return grouped_.emplace(self_, open_->group);
  }

  Open& opened() {
    return *open_;
  }

  typename actor::pointer self() {
    return self_;
  }

  /// Of `end_group`.
  void commit() {
    open_->group.commit();
  }

private:
  typename actor::pointer self_;
  std::shared_ptr<Open> open_;
  std::optional<grouped_store<typename actor::pointer, decltype(Open::group)>>
    grouped_;
};

/// Opens a database for a keeper: of this version, undamaged, up to date.
inline database
open_database(const std::filesystem::path& file, migration_list steps) {
  database db{file};
  check_version(db, steps);
  check_integrity(db, integrity_check::quick);
  configure(db);
  migrate(db, steps);
  return db;
}

/// Starts a keeper.
/// @param start opens the file and spawns an actor.
/// @returns it, or an error that names the file.
template <class Handle, class Start>
caf::expected<Handle>
start_keeper(const std::filesystem::path& file, Start start) {
  try {
    return caf::actor_cast<Handle>(start());
  } catch (const failure& problem) {
    auto message = message_of(problem.error());
    if (message.find(file.string()) != std::string::npos)
      return problem.error();
    return make_error(code_of(problem.error()),
                      fmt::format("{}: {}", file.string(), message));
  }
}

} // namespace orc::sqlite
