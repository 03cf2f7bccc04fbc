#include "persistence/kvs/open.hpp"

#include "persistence/kvs/opening.hpp"
#include "persistence/kvs/run_store.hpp"

#include <fmt/format.h>

namespace orc {

caf::expected<run_store_actor>
open_kvs_store(caf::actor_system& system, const kvs_store_options& options) {
  if (auto problem = kvs::prefix_problem(options.prefix); !problem.empty())
    return make_error(ec::bad_config,
                      fmt::format("the prefix of the state {}", problem));
  auto opened = kvs::opening{system, options}.open();
  if (!opened)
    return std::move(opened.error());
  auto store = std::make_shared<kvs::opened_store>(std::move(*opened));
  return run_store_actor{system.spawn(kvs::run_store, std::move(store))};
}

} // namespace orc
