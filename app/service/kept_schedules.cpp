#include "app/service/kept_schedules.hpp"

#include "actors/schedule/owners.hpp"
#include "app/config/schedules.hpp"
#include "embedding/ask.hpp"
#include "messages/base/error.hpp"

#include <string>
#include <utility>

namespace orc::app {

caf::error
keep_file_schedules(caf::actor_system& system, const schedules_actor& to,
                    const config& options) {
  auto wanted = schedules_of(options);
  if (!wanted)
    return std::move(wanted.error());
  if (!to && wanted->empty())
    return {};
  if (!to)
    return make_error(ec::bad_config, "schedules need a store on disk: leave "
                                      "[[schedules]] out, or take another "
                                      "store");
  auto kept = ask<schedule_views>(
    system, to, keep_schedules{std::string{file_owner}, std::move(*wanted)});
  return kept ? caf::error{} : std::move(kept.error());
}

} // namespace orc::app
