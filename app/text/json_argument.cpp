#include "app/text/json_argument.hpp"

#include "app/text/file_text.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

namespace orc::app {

caf::expected<std::string>
read_json_argument(const std::string& option, const std::string& text) {
  auto json = text;
  auto source = option;
  if (text.starts_with('@')) {
    source = text.substr(1);
    auto content = read_file(source);
    if (!content)
      return make_error(ec::bad_config,
                        fmt::format("{}: {}", option,
                                    message_of(content.error())));
    json = std::move(*content);
  }
  auto compact = minify_json(json);
  if (!compact)
    return make_error(ec::bad_json, fmt::format("{}: {}", source,
                                                message_of(compact.error())));
  return compact;
}

} // namespace orc::app
