#include "app/split/list_source.hpp"

#include "actors/splitter/dataset_source.hpp"
#include "actors/splitter/text_source.hpp"
#include "app/split/file_source.hpp"
#include "messages/base/error.hpp"

#include <caf/actor_system.hpp>

namespace orc::app {

caf::expected<item_source_actor>
open_list_source(caf::actor_system& system, const std::string& file,
                 const submit_split& list, const apify_api_actor& api) {
  if (!file.empty())
    return open_file_source(system, file);
  if (list.dataset_id.empty())
    return item_source_actor{system.spawn(text_source, list.items)};
  if (!api)
    return make_error(ec::bad_config,
                      "no Apify token to read the dataset with: set "
                      "APIFY_TOKEN or give --token");
  return item_source_actor{system.spawn(dataset_source, api, list.dataset_id)};
}

} // namespace orc::app
