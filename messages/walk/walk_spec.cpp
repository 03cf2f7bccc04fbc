#include "messages/walk/walk_spec.hpp"

#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"
#include "messages/validate.hpp"
#include "messages/walk/spec_help.hpp"

#include <fmt/format.h>

#include <cmath>

namespace orc {

namespace {

constexpr double longest_secs = 1e8;

caf::error wrong(std::string_view where, std::string_view what) {
  return make_error(ec::bad_field, fmt::format("{}: {}", where, what));
}

caf::error check_secs(std::string_view where, double x, bool may_be_zero) {
  if (std::isfinite(x) && (x > 0 || (may_be_zero && x == 0))
      && x <= longest_secs)
    return {};
  return wrong(where,
               fmt::format("must be {} 0 and at most {:.0f} seconds",
                           may_be_zero ? "at least" : "above", longest_secs));
}

std::chrono::milliseconds millis(double secs) {
  return std::chrono::milliseconds{
    static_cast<std::int64_t>(std::llround(secs * 1000))};
}

/// Members of one processor, each with whether it is there.
std::vector<std::pair<std::string_view, bool>>
members_of(const walk_processor& x) {
  return {{"command", !x.command.empty()},
          {"url", !x.url.empty()},
          {"urlEnv", !x.url_env.empty()},
          {"headers", !x.headers.empty()},
          {"headersEnv", !x.headers_env.empty()},
          {"channel", !x.channel.empty()},
          {"actor", !x.actor.empty()},
          {"task", !x.task.empty()},
          {"input", !x.input.empty()},
          {"account", !x.account.empty()},
          {"name", !x.name.empty()}};
}

std::vector<std::string_view> known_of(processor_kind kind) {
  switch (kind) {
    case processor_kind::command:
      return {"command"};
    case processor_kind::http:
      return {"url", "urlEnv", "headers", "headersEnv"};
    case processor_kind::task:
      return {"channel"};
    case processor_kind::run:
      return {"actor", "task", "input", "account"};
    case processor_kind::native:
      return {"name"};
  }
  return {};
}

bool is_command(const json_text& x) {
  auto text = x.view();
  return (text.starts_with('"') && text != "\"\"")
         || (text.starts_with("[\"") && text.size() > 4);
}

caf::error check_needs(const walk_processor& x, const std::string& where) {
  auto missing = [&](std::string_view name, std::string_view what) {
    return wrong(fmt::format("{}.{}", where, name), what);
  };
  switch (x.kind) {
    case processor_kind::command:
      if (!is_command(x.command))
        return missing("command", "is missing: an array of words, such as "
                                  "[\"python3\",\"page.py\"], or one string "
                                  "for the shell");
      break;
    case processor_kind::http:
      if (x.url.empty() && x.url_env.empty())
        return missing("url",
                       "is missing: what gets a POST for each page, such "
                       "as \"http://127.0.0.1:8085/\"; or give `urlEnv`, "
                       "the name of a variable that has it");
      if (!x.url.empty() && !x.url_env.empty())
        return missing("urlEnv", "give it or `url`, not both");
      break;
    case processor_kind::task:
      if (x.channel.empty())
        return missing("channel", "is missing: the workers of which channel "
                                  "do the pages?");
      break;
    case processor_kind::run:
      if (x.actor.empty() && x.task.empty())
        return missing("actor", "is missing: an Apify actor, such as "
                                "\"apify/web-scraper\"; or give `task`");
      if (!x.actor.empty() && !x.task.empty())
        return missing("task", "give it or `actor`, not both");
      break;
    case processor_kind::native:
      if (x.name.empty())
        return missing("name", "is missing: the name that the host program "
                               "registered the class under");
      break;
  }
  return {};
}

caf::error check_processor(const walk_processor& x, const std::string& where) {
  auto known = known_of(x.kind);
  for (const auto& [name, is_there] : members_of(x))
    if (is_there && std::find(known.begin(), known.end(), name) == known.end())
      return wrong(fmt::format("{}.{}", where, name),
                   fmt::format("is none of kind {}, which has {}",
                               name_of(x.kind), fmt::join(known, ", ")));
  if (x.timeout_secs)
    if (auto err = check_secs(where + ".timeoutSecs", *x.timeout_secs, false))
      return err;
  return check_needs(x, where);
}

caf::error
check_teller(const std::optional<walk_processor>& x, const std::string& where) {
  if (!x)
    return {};
  return check_processor(*x, where);
}

/// The ways in which a page may be asked to be done twice.
caf::error check_once(const walk_spec& x) {
  if (x.mode != retry_mode::at_most_once)
    return {};
  if (x.initial_attempts && *x.initial_attempts != 1)
    return wrong("initialAttempts", "must be 1 with retryMode at-most-once: "
                                    "such a page is started once");
  if (x.extended_retry_secs && *x.extended_retry_secs != 0)
    return wrong("extendedRetrySecs",
                 "makes no sense with retryMode at-most-once: such a page is "
                 "never tried again");
  return {};
}

caf::expected<std::optional<walk_ramp>> read_ramp(const json_text& x) {
  if (x.empty() || x.view() == "null")
    return std::optional<walk_ramp>{};
  walk_ramp result;
  if (x.view() == "\"auto\"") {
    result.automatic = true;
    return std::optional{result};
  }
  auto in = from_json<walk_ramp>(x.view());
  if (!in)
    return wrong("rampUp", x.view().starts_with('{')
                             ? message_of(in.error())
                             : R"(must be "auto" or {"from","to","overSecs"})");
  return std::optional{*in};
}

caf::error check_ramp(const walk_spec& x) {
  auto ramp = read_ramp(x.ramp_up);
  if (!ramp)
    return std::move(ramp.error());
  if (!*ramp)
    return {};
  if ((*ramp)->automatic)
    return (*ramp)->from > 0
             ? caf::error{}
             : wrong("rampUp.from", "must be at least 1 with `auto`: the limit "
                                    "grows by pages that succeed");
  if (auto err = check_secs("rampUp.overSecs", (*ramp)->over_secs, false))
    return err;
  if ((*ramp)->to && *(*ramp)->to < (*ramp)->from)
    return wrong("rampUp.to", "must not be below `from`");
  return {};
}

caf::error check_times(const walk_spec& x) {
  if (auto err = check_secs("initialBackoffSecs", x.initial_backoff_secs, true))
    return err;
  if (auto err = check_secs("extendedRetrySecs",
                            x.extended_retry_secs.value_or(0), true))
    return err;
  if (auto err = check_secs("pageTimeoutSecs", x.page_timeout_secs, false))
    return err;
  if (auto err = check_secs("batchTimeoutSecs", x.batch_timeout_secs, true))
    return err;
  return check_secs("trackerIntervalSecs", x.tracker_interval_secs, false);
}

caf::error check_self_fed(const walk_spec& x) {
  auto kind = x.processor.kind;
  if (x.source.kind == source_kind::processor
      && (kind == processor_kind::task || kind == processor_kind::run))
    return wrong("source.kind",
                 fmt::format("a processor of kind {} fetches no pages: give a "
                             "source, or a processor of kind command, http or "
                             "class",
                             name_of(kind)));
  return {};
}

caf::error check(const walk_spec& x) {
  if (auto problem = name_problem(x.name); !problem.empty())
    return wrong("name", problem);
  if (auto err = check(x.source))
    return err;
  if (x.page_size < 1 || x.page_size > 1'000'000)
    return wrong("pageSize", "must be from 1 to 1000000");
  if (x.initial_attempts && *x.initial_attempts < 1)
    return wrong("initialAttempts", "must be at least 1");
  for (const auto& err :
       {check_processor(x.processor, "processor"),
        check_teller(x.tracker, "tracker"), check_teller(x.reduce, "reduce"),
        check_self_fed(x), check_once(x), check_ramp(x), check_times(x)})
    if (err)
      return err;
  return {};
}

} // namespace

caf::expected<walk_spec> read_walk_spec(std::string_view text) {
  if (auto err = check_outline(text))
    return err;
  auto result = from_json<walk_spec>(text);
  if (!result)
    return result;
  if (auto err = check(*result))
    return err;
  if (result->processor.args.empty())
    result->processor.args = result->args;
  return result;
}

walk_rules rules_of(const walk_spec& x) {
  walk_rules result;
  auto is_once = x.mode == retry_mode::at_most_once;
  result.page_size = x.page_size;
  result.mode = x.mode;
  result.initial_attempts
    = is_once ? 1 : x.initial_attempts.value_or(result.initial_attempts);
  result.initial_backoff = millis(x.initial_backoff_secs);
  result.extended_retry = is_once ? std::chrono::milliseconds{0}
                                  : millis(x.extended_retry_secs.value_or(300));
  result.page_timeout = millis(x.page_timeout_secs);
  result.batch_timeout = millis(x.batch_timeout_secs);
  result.non_retryable = x.non_retryable;
  if (auto ramp = read_ramp(x.ramp_up))
    result.ramp = *ramp;
  result.self_fed = x.source.kind == source_kind::processor;
  return result;
}

bool reads_the_same(std::string_view spec, std::string_view other) {
  auto one = raw_object::read(spec);
  auto two = raw_object::read(other);
  if (!one || !two)
    return false;
  auto same = [](std::string_view x, std::string_view y) {
    return json_contains(x, y) && json_contains(y, x);
  };
  return same(one->raw("source"), two->raw("source"))
         && one->text("firstCursor").value_or("")
              == two->text("firstCursor").value_or("");
}

} // namespace orc
