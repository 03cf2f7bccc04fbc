#include "app/text/json_argument.hpp"

#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace orc::app {

caf::expected<std::string>
read_json_argument(const std::string& option, const std::string& text) {
  auto json = text;
  auto source = option;
  if (text.starts_with('@')) {
    source = text.substr(1);
    std::ifstream in{source};
    if (!in)
      return make_error(ec::bad_config,
                        fmt::format("{}: {} cannot be read", option, source));
    json.assign(std::istreambuf_iterator<char>{in}, {});
  }
  auto compact = minify_json(json);
  if (!compact)
    return make_error(ec::bad_json, fmt::format("{}: {}", source,
                                                message_of(compact.error())));
  return compact;
}

} // namespace orc::app
