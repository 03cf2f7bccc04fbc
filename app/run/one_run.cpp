#include "app/run/one_run.hpp"

#include "app/text/file_text.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc::app {

namespace {

caf::expected<std::string> read_input(const std::string& text) {
  auto json = text;
  auto source = std::string{"--input"};
  if (text.starts_with('@')) {
    source = text.substr(1);
    auto content = read_file(source);
    if (!content)
      return make_error(ec::bad_config, fmt::format("--input: {}",
                                                    message_of(content.error())));
    json = std::move(*content);
  }
  auto compact = minify_json(json);
  if (!compact)
    return make_error(ec::bad_json, fmt::format("{}: {}", source,
                                                message_of(compact.error())));
  return compact;
}

} // namespace

caf::expected<plan> to_plan(const one_run& x) {
  std::string fields;
  auto add = [&fields](std::string_view name, const std::string& json) {
    fields += fmt::format("{}\"{}\":{}", fields.empty() ? "" : ",", name, json);
  };
  auto add_text = [&](std::string_view name, const std::string& text) {
    if (!text.empty())
      add(name, json_quote(text));
  };
  add_text("actor", x.actor);
  add_text("task", x.task);
  add_text("name", x.name);
  if (!x.input.empty()) {
    auto input = read_input(x.input);
    if (!input)
      return input.error();
    add("input", *input);
  }
  auto outer = std::exchange(fields, {});
  add_text("build", x.build);
  if (x.memory)
    add("memoryMbytes", std::to_string(*x.memory));
  if (x.timeout)
    add("timeoutSecs", std::to_string(*x.timeout));
  return read_plan(fmt::format(R"({{{},"options":{{{}}}}})", outer, fields),
                   "command line");
}

} // namespace orc::app
