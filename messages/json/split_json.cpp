// Lists and how they were cut, as JSON.

#include "messages/json/codec.hpp"
#include "messages/split_submission.hpp"

namespace orc {

template std::string to_json(const split_part&);
template std::string to_json(const split_result&);

template caf::expected<split_submission> from_json(std::string_view);
template caf::expected<split_result> from_json(std::string_view);

caf::expected<submit_split> to_message(split_submission x) {
  submit_split result;
  if (x.items.empty() == x.dataset.empty())
    return make_error(ec::bad_field, "items: give either `items` or `dataset`");
  auto is_text = x.items.view().starts_with('"');
  if (x.dataset.empty() && is_text == (x.format == item_format::json))
    return make_error(ec::bad_field,
                      is_text ? "items: must be an array; for a string "
                                "say its format: lines, ndjson or csv"
                              : "items: must be a string in that "
                                "format");
  result.items = x.items;
  result.dataset_id = std::move(x.dataset);
  if (is_text) {
    auto text = from_json<std::string>(x.items.view());
    if (!text)
      return std::move(text.error());
    result.items = json_text{std::move(*text)};
  }
  result.dry_run = x.dry_run;
  auto& request = result.request;
  request.prefix = std::move(x.prefix);
  request.format = result.dataset_id.empty() ? x.format : item_format::ndjson;
  request.input_template = x.input_template;
  request.fixed_input = x.fixed_input;
  request.rules = {x.max_bytes, x.max_items, x.parts, x.on_oversize};
  auto& run = request.run;
  run.space = std::move(x.space);
  run.actor = std::move(x.actor);
  run.task = std::move(x.task);
  run.options = x.options;
  run.account = std::move(x.account);
  run.token = x.token;
  run.attempts = x.attempts;
  run.priority = x.priority;
  return result;
}

} // namespace orc
