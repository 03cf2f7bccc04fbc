// Where the items of all runs go.

#include "app/items/item_file.hpp"
#include "app/run/run_job.hpp"
#include "embedding/ask.hpp"
#include "messages/base/error.hpp"

#include <utility>

namespace orc::app {

caf::error prepare_output(run_job_options& x, const std::string& source) {
  if (!is_standard_output(x.output))
    return x.output.empty() ? caf::error{} : check_output(x.output, source);
  if (x.json)
    return make_error(ec::bad_config, "--output -: --json prints there; name "
                                      "a file for the items");
  x.output = "standard output";
  x.items_to = take_standard_output();
  if (x.items_to)
    return {};
  return make_error(ec::bad_config, "--output -: there is no standard output");
}

caf::expected<std::uint64_t> run_job::write_items() {
  read_request request;
  request.format = options_.format;
  for (const auto& ref : work_.names())
    request.from.push_back({ref.space, ref.name, {}});
  auto reader = ask<reader_actor>(host_.system(), host_.readings(), request);
  if (!reader)
    return std::move(reader.error());
  if (options_.items_to)
    return app::write_items(host_.system(), *reader, options_.items_to.get());
  return app::write_items(host_.system(), *reader, options_.output);
}

} // namespace orc::app
