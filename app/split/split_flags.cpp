#include "app/split/split_flags.hpp"

#include "app/text/json_argument.hpp"
#include "messages/base/error.hpp"

#include <filesystem>

namespace orc::app {

namespace {

caf::expected<json_text>
document(const std::string& option, const std::string& text) {
  if (text.empty())
    return json_text{};
  auto json = read_json_argument(option, text);
  if (!json)
    return std::move(json.error());
  return json_text{std::move(*json)};
}

} // namespace

item_format format_of_items(const std::string& path) {
  auto ending = std::filesystem::path{path}.extension().string();
  if (ending == ".txt")
    return item_format::lines;
  if (ending == ".json")
    return item_format::json;
  if (ending == ".csv")
    return item_format::csv;
  return item_format::ndjson;
}

caf::expected<split_request> to_request(const split_flags& x) {
  if (x.items.empty() == x.dataset.empty())
    return make_error(ec::bad_config,
                      "give ITEMS, a file or -, or --dataset, not both");
  if (!x.dataset.empty() && !x.format.empty())
    return make_error(ec::bad_config, "--format: a dataset needs none");
  split_request result;
  result.prefix = x.prefix;
  result.format
    = x.format.empty()
        ? format_of_items(x.items)
        : parse_enum<item_format>(x.format).value_or(item_format::ndjson);
  auto shape = document("--template", x.input_template);
  if (!shape)
    return std::move(shape.error());
  result.input_template = std::move(*shape);
  auto fixed = document("--fixed-input", x.fixed_input);
  if (!fixed)
    return std::move(fixed.error());
  result.fixed_input = std::move(*fixed);
  result.rules.max_bytes = x.max_bytes;
  result.rules.max_items = x.max_items;
  result.rules.parts = x.parts;
  if (auto policy = parse_enum<oversize_policy>(x.on_oversize))
    result.rules.on_oversize = *policy;
  result.run.actor = x.actor;
  result.run.task = x.task;
  result.run.attempts = x.attempts;
  auto& options = result.run.options;
  if (x.memory)
    options.memory = mebibytes{*x.memory};
  options.timeout_secs = x.timeout;
  if (!x.build.empty())
    options.build = x.build;
  return result;
}

} // namespace orc::app
