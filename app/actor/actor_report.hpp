#pragma once

#include "app/plan/plan.hpp"
#include "app/progress/run_board.hpp"
#include "app/service/service.hpp"

#include <set>
#include <string>

namespace orc::app {

/// What the orchestrator leaves behind as an Apify actor: an item for each run
/// in the default dataset, and the totals as the record OUTPUT.
class actor_report {
public:
  /// All must outlive it.
  actor_report(service& host, const plan& work, const home& where)
    : host_{host}, plan_{work}, home_{where} {
    // nop
  }

  /// Appends the items that are not there yet: a run that was killed while it
  /// wrote them leaves none out and none twice.
  [[nodiscard]] caf::error push_items();

  [[nodiscard]] caf::error put_output(const board_totals& totals);

private:
  /// Finds out which runs have their item already.
  caf::error read_pushed();
  caf::error push_missing();
  /// @returns the item of a run, "" if it has one.
  caf::expected<std::string> item_of(const run_ref& name);

  service& host_;
  const plan& plan_;
  const home& home_;
  std::set<run_ref> pushed_;
};

} // namespace orc::app
