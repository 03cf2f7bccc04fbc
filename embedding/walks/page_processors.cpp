#include "embedding/walks/page_processors.hpp"

#include "actors/walk/class_processor.hpp"
#include "actors/walk/http_processor.hpp"
#include "actors/walk/run_processor.hpp"
#include "actors/walk/task_processor.hpp"
#include "embedding/walks/command_processor.hpp"
#include "transport/http/url.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

namespace orc {

namespace {

using opened = caf::expected<page_processor_actor>;

caf::expected<secret> read_variable(const std::string& name) {
  const auto* value = std::getenv(name.c_str());
  if (value == nullptr)
    return make_error(ec::bad_field,
                      fmt::format("processor: there is no environment variable "
                                  "{}",
                                  name));
  return secret{value};
}

/// Puts in what is in variables of the environment.
caf::error resolve(walk_processor& x) {
  if (!x.url_env.empty()) {
    auto url = read_variable(x.url_env);
    if (!url)
      return std::move(url.error());
    x.url = std::move(*url);
  }
  for (const auto& [field, variable] : x.headers_env) {
    auto value = read_variable(variable);
    if (!value)
      return std::move(value.error());
    x.headers[field] = std::move(*value);
  }
  return {};
}

/// Opens one processor.
class opener {
public:
  opener(page_processors_actor::pointer self,
         const page_processors_parts& parts, const open_page_processor& request)
    : self_{self}, parts_{parts}, request_{request} {
    // nop
  }

  opened open() {
    auto is = request_.processor;
    switch (is.kind) {
      case processor_kind::command:
        return open_command(is);
      case processor_kind::http:
        return open_http(std::move(is));
      case processor_kind::task:
        return open_task();
      case processor_kind::run:
        return open_run(std::move(is));
      case processor_kind::native:
        return open_class(is);
    }
    return make_error(ec::bad_field, "processor.kind: there is none such");
  }

private:
  opened open_command(const walk_processor& is) {
    auto words = read_command_words(is.command);
    if (!words)
      return std::move(words.error());
    return caf::actor_cast<page_processor_actor>(self_->spawn(
      command_processor, std::move(*words), std::string{request_.batch}));
  }

  opened open_task() {
    if (!parts_.tasks)
      return nobody("task", "there are no tasks here: the store has no place "
                            "for them");
    return caf::actor_cast<page_processor_actor>(
      self_->spawn(task_processor, parts_.tasks, request_));
  }

  opened open_run(walk_processor is) {
    if (!parts_.orchestrator)
      return nobody("run", "there is nobody who starts runs here");
    return page_processor_actor{
      self_->spawn(run_processor, parts_.orchestrator, std::move(is))};
  }

  static caf::error nobody(std::string_view kind, std::string_view why) {
    return make_error(ec::bad_field,
                      fmt::format("processor.kind: {}, but {}", kind, why));
  }

  opened open_class(const walk_processor& is) {
    if (auto known = parts_.classes.find(is.name);
        known != parts_.classes.end())
      return page_processor_actor{
        self_->spawn(class_processor, page_class_factory{known->second})};
    return make_error(ec::bad_field, unknown_class(is.name));
  }

  std::string unknown_class(const std::string& name) const {
    std::vector<std::string_view> known;
    for (const auto& [other, make] : parts_.classes)
      known.push_back(other);
    return fmt::format(
      "processor.name: there is no class {}; {}", name,
      known.empty() ? std::string{"none is: `class` is for programs that have "
                                  "this service inside, see docs/embedding.md"}
                    : fmt::format("there are {}", fmt::join(known, ", ")));
  }

  opened open_http(walk_processor is) {
    if (!parts_.caller)
      return nobody("http", "there is no network here");
    if (auto err = resolve(is))
      return err;
    if (!http::parse_url(is.url.reveal()))
      return make_error(ec::bad_field, "processor.url: must be an HTTP URL, "
                                       "such as https://example.com/pages");
    return self_->spawn(http_processor, parts_.caller, std::move(is));
  }

  page_processors_actor::pointer self_;
  const page_processors_parts& parts_;
  const open_page_processor& request_;
};

} // namespace

page_processors_actor::behavior_type
page_processors(page_processors_actor::pointer self,
                page_processors_parts parts) {
  return {
    [self,
     parts](const open_page_processor& x) -> caf::result<page_processor_actor> {
      auto result = opener{self, parts, x}.open();
      if (!result)
        return std::move(result.error());
      return std::move(*result);
    },
  };
}

} // namespace orc
