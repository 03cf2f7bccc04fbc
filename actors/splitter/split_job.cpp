#include "actors/splitter/split_job.hpp"

#include "messages/json/merge.hpp"
#include "messages/validate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc {

namespace {

constexpr std::uint64_t most_parts = 1'000'000;

caf::error bad(std::string problem) {
  return make_error(ec::bad_field, std::move(problem));
}

caf::error check_rules(const split_rules& x) {
  if (x.max_items && *x.max_items == 0)
    return bad("rules.maxItems: must be at least 1");
  if (x.max_bytes && *x.max_bytes == 0)
    return bad("rules.maxBytes: must be at least 1");
  if (x.parts && (*x.parts == 0 || *x.parts > most_parts))
    return bad(fmt::format("rules.parts: must be 1 to {}", most_parts));
  return {};
}

/// Checks what all runs have in common, and that names of parts can be made.
caf::error check_run(const split_request& x) {
  if (!x.run.name.empty() || !x.run.input.empty())
    return bad("run: its name and input follow from prefix and template");
  if (x.prefix.empty())
    return bad("prefix: must name the list");
  auto sample = x.run;
  sample.name = fmt::format("{}-{}/{}", x.prefix, most_parts, most_parts);
  if (auto problem = name_problem(sample.name); !problem.empty())
    return bad(fmt::format("prefix: {}", problem));
  return validate(sample, "run");
}

caf::expected<std::string> full_template(const split_request& x) {
  if (x.input_template.empty())
    return bad("template: is missing; it says what the input of a part looks "
               "like: {\"startUrls\":{\"$items\":\"$item\"}}");
  if (x.fixed_input.empty())
    return std::string{x.input_template.view()};
  auto merged = merge_objects(x.fixed_input.view(), x.input_template.view());
  if (!merged)
    return make_error(code_of(merged.error()),
                      fmt::format("fixedInput and template: {}",
                                  message_of(merged.error())));
  return merged;
}

cut_rules resolve(const split_rules& wanted, std::uint64_t reserved_bytes) {
  auto limit = max_input_bytes
               - std::min<std::uint64_t>(reserved_bytes, max_input_bytes);
  cut_rules result;
  result.max_bytes
    = std::min<std::uint64_t>(wanted.max_bytes.value_or(limit), limit);
  result.max_items = wanted.max_items;
  result.parts = wanted.parts;
  result.on_oversize = wanted.on_oversize;
  return result;
}

} // namespace

caf::expected<split_job>
split_job::make(const split_request& request, std::uint64_t reserved_bytes) {
  if (auto err = check_rules(request.rules))
    return err;
  if (auto err = check_run(request))
    return err;
  auto document = full_template(request);
  if (!document)
    return std::move(document.error());
  auto shape = item_template::parse(*document);
  if (!shape)
    return std::move(shape.error());
  return split_job{request, std::move(*shape),
                   resolve(request.rules, reserved_bytes)};
}

std::string split_job::fingerprint() const {
  digest all;
  all.add(shape_.canonical());
  all.add(request_.run.actor);
  all.add(request_.run.task);
  return fmt::format("{:016x}", all.value());
}

part_cutter
split_job::cutter(std::vector<stored_part> known, std::uint64_t total_items,
                  bool with_inputs, part_cutter::part_sink sink) const {
  auto rules = rules_;
  rules.total_items = total_items;
  return {shape_, rules, std::move(known), with_inputs, std::move(sink)};
}

void split_job::name_parts(std::vector<stored_part>& parts) const {
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (auto& name = parts[i].part.name; name.empty())
      name = parts.size() == 1
               ? request_.prefix
               : fmt::format("{}-{}/{}", request_.prefix, i + 1, parts.size());
}

run_request split_job::request_of(cut_part part) const {
  auto result = request_.run;
  result.name = part.part.part.name;
  if (result.batch.empty())
    result.batch = request_.prefix;
  result.input = json_text{std::move(part.input)};
  return result;
}

} // namespace orc
