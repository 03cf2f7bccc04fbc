#include "app/config/webhooks.hpp"

#include "app/config/listen_address.hpp"
#include "messages/validate.hpp"
#include "transport/hooks/signature.hpp"
#include "transport/http/public_address.hpp"
#include "transport/http/url.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc::app {

namespace {

constexpr std::uint64_t most_in_flight = 64;

/// An option of one webhook, for errors.
caf::error
fail(std::size_t index, std::string_view option, std::string_view problem) {
  return make_error(ec::bad_config,
                    fmt::format("webhooks[{}].{}: {}", index, option, problem));
}

std::string trimmed(std::string_view text) {
  auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos)
    return {};
  return std::string{
    text.substr(first, text.find_last_not_of(' ') - first + 1)};
}

/// Webhooks tell of the states of runs; what else happens, the bus tells.
bool is_delivered(event_kind x) {
  return x != event_kind::stuck && x != event_kind::memory_raised
         && x != event_kind::budget_warned && x != event_kind::budget_reached;
}

std::vector<std::string_view> delivered_kinds() {
  std::vector<std::string_view> result;
  for (auto name : enum_names<event_kind>::values)
    if (auto kind = parse_enum<event_kind>(name); kind && is_delivered(*kind))
      result.push_back(name);
  return result;
}

caf::expected<std::vector<event_kind>>
read_kinds(std::string_view text, std::size_t index) {
  std::vector<event_kind> result;
  while (!text.empty()) {
    auto part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    auto kind = parse_enum<event_kind>(trimmed(part));
    if (!kind || !is_delivered(*kind))
      return fail(index, "events",
                  fmt::format("must be of {}, divided by commas, not `{}`",
                              fmt::join(delivered_kinds(), ", "), part));
    result.push_back(*kind);
  }
  return result;
}

caf::error
check_target(const webhook_entry& x, std::size_t index, bool allow_private) {
  if (x.url.empty())
    return fail(index, "url", "is missing: give url or url_env");
  auto url = http::parse_url(x.url.reveal());
  if (!url)
    return fail(index, "url", "must be an http or https URL");
  // Other names are looked up when something is sent, and judged then.
  auto is_private
    = is_loopback(url->host)
      || (http::is_address(url->host) && !http::is_public_address(url->host));
  if (is_private && !allow_private)
    return fail(index, "url",
                "leads to this machine or a private network: if that is "
                "meant, set allow_private = true");
  if (!x.signing_key.empty() && !webhook::signer::make(x.signing_key))
    return fail(index, "secret",
                "must be whsec_ and 24 to 64 bytes in base64: make one with "
                "`echo whsec_$(openssl rand -base64 32)`");
  return {};
}

caf::error check_numbers(const webhook_entry& x, std::size_t index) {
  if (x.max_in_flight < 1 || x.max_in_flight > most_in_flight)
    return fail(index, "max_in_flight",
                fmt::format("must be from 1 to {}", most_in_flight));
  if (x.max_backlog < 1)
    return fail(index, "max_backlog", "must be at least 1");
  if (x.timeout.count() < 1)
    return fail(index, "timeout", "must be above 0");
  return {};
}

caf::error check_name(const config& all, std::size_t index) {
  const auto& hooks = all.webhooks;
  const auto& hook = hooks[index].name;
  if (auto problem = name_problem(hook); !problem.empty())
    return fail(index, "name", problem);
  auto first = std::find_if(hooks.begin(), hooks.end(),
                            [&](const auto& x) { return x.name == hook; });
  if (first == hooks.begin() + static_cast<std::ptrdiff_t>(index))
    return {};
  return fail(index, "name",
              fmt::format("`{}` is the name of webhooks[{}], too", hook,
                          first - hooks.begin()));
}

caf::expected<hook_settings> settings_of(const config& all, std::size_t index) {
  const auto& x = all.webhooks[index];
  auto allow_private = x.allow_private || listens_on_loopback(all.listen);
  if (auto err = check_name(all, index))
    return err;
  if (auto err = check_target(x, index, allow_private))
    return err;
  if (auto err = check_numbers(x, index))
    return err;
  auto kinds = read_kinds(x.events, index);
  if (!kinds)
    return std::move(kinds.error());
  hook_settings result;
  result.filter = {x.name,  x.url,           std::move(*kinds),
                   x.space, x.only_failures, x.max_backlog};
  result.signing_key = x.signing_key;
  result.timeout = x.timeout;
  result.give_up_after = x.give_up_after;
  result.max_in_flight = static_cast<std::uint32_t>(x.max_in_flight);
  result.allow_private = allow_private;
  return result;
}

} // namespace

caf::expected<std::vector<hook_settings>> webhooks_of(const config& x) {
  std::vector<hook_settings> result;
  for (std::size_t i = 0; i < x.webhooks.size(); ++i) {
    auto one = settings_of(x, i);
    if (!one)
      return std::move(one.error());
    result.push_back(std::move(*one));
  }
  return result;
}

} // namespace orc::app
