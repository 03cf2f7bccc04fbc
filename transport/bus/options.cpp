#include "transport/bus/options.hpp"

#include "messages/base/error.hpp"
#include "transport/bus/handlers.hpp"
#include "transport/bus/nkey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <vector>

namespace orc::bus {

namespace {

/// @returns the number that a callback was registered with.
std::shared_ptr<const connection_events> events_of(void* closure) {
  return handlers::find(reinterpret_cast<std::uintptr_t>(closure));
}

std::string last_error(natsConnection* nc) {
  const char* text = nullptr;
  natsConnection_GetLastError(nc, &text);
  return text && *text ? text : "the connection broke";
}

void on_closed(natsConnection* nc, void* closure) {
  if (auto events = events_of(closure))
    events->on_closed(last_error(nc));
}

void on_problem(natsConnection* nc, natsSubscription*, natsStatus status,
                void* closure) {
  if (auto events = events_of(closure))
    events->on_problem(
      fmt::format("{}: {}", natsStatus_GetText(status), last_error(nc)));
}

/// Takes the first thing that fails.
class setter {
public:
  void operator()(natsStatus status, std::string_view option) {
    if (status == NATS_OK || error)
      return;
    const auto* detail = nats_GetLastError(nullptr);
    error = make_error(
      ec::bad_config,
      fmt::format("nats.{}: {}", option,
                  detail && *detail ? detail : natsStatus_GetText(status)));
  }

  caf::error error;
};

void set_callbacks(natsOptions* x, std::uint64_t id, setter& set) {
  auto* closure = reinterpret_cast<void*>(static_cast<std::uintptr_t>(id));
  set(natsOptions_SetClosedCB(x, &on_closed, closure), "url");
  set(natsOptions_SetErrorHandler(x, &on_problem, closure), "url");
}

caf::error set_nkey(natsOptions* x, const std::string& file) {
  auto key = public_nkey_of_file(file);
  if (!key)
    return std::move(key.error());
  setter set;
  set(natsOptions_SetNKeyFromSeed(x, key->c_str(), file.c_str()), "nkey_file");
  return set.error;
}

void set_identity(natsOptions* x, const bus_settings& from, setter& set) {
  if (!from.credentials_file.empty())
    set(natsOptions_SetUserCredentialsFromFiles(
          x, from.credentials_file.c_str(), nullptr),
        "credentials_file");
  if (!from.token.empty())
    set(natsOptions_SetToken(x, from.token.reveal().c_str()), "token");
  if (!from.user.empty())
    set(natsOptions_SetUserInfo(x, from.user.c_str(),
                                from.password.reveal().c_str()),
        "user");
  if (!from.nkey_file.empty() && !set.error)
    set.error = set_nkey(x, from.nkey_file);
}

bool wants_tls(const bus_settings& from) {
  return !from.ca_file.empty() || !from.cert_file.empty()
         || std::any_of(from.urls.begin(), from.urls.end(), [](const auto& x) {
              return x.reveal().starts_with("tls://");
            });
}

void set_tls(natsOptions* x, const bus_settings& from, setter& set) {
  if (!wants_tls(from))
    return;
  set(natsOptions_SetSecure(x, true), "url");
  if (!from.ca_file.empty())
    set(natsOptions_LoadCATrustedCertificates(x, from.ca_file.c_str()),
        "ca_file");
  if (!from.cert_file.empty())
    set(natsOptions_LoadCertificatesChain(x, from.cert_file.c_str(),
                                          from.key_file.c_str()),
        "cert_file");
}

} // namespace

std::vector<secret> servers_of(const bus_settings& settings,
                               const std::vector<std::string>& discovered) {
  std::set<std::string> urls;
  for (const auto& x : settings.urls)
    urls.insert(x.reveal());
  for (const auto& x : discovered)
    urls.insert(url_of_discovered(settings.urls.front().reveal(), x));
  std::vector<secret> result{urls.begin(), urls.end()};
  std::shuffle(result.begin(), result.end(), std::random_device{});
  return result;
}

caf::expected<options_ptr>
make_options(const bus_settings& from, const secret& server, std::uint64_t id) {
  natsOptions* raw = nullptr;
  if (natsOptions_Create(&raw) != NATS_OK)
    return make_error(ec::bad_config, "nats: the library cannot be used");
  options_ptr result{raw};
  setter set;
  set(natsOptions_SetURL(raw, server.reveal().c_str()), "url");
  set(natsOptions_SetName(raw, ("apify-orchestrator " + from.instance).c_str()),
      "instance");
  // Else every message waits up to a millisecond for the thread that flushes.
  set(natsOptions_SetSendAsap(raw, true), "url");
  // Both would close a connection on a thread that does not move its bytes:
  // whoever has it sees to this.
  set(natsOptions_SetPingInterval(raw, 0), "url");
  set(natsOptions_SetAllowReconnect(raw, false), "url");
  set_callbacks(raw, id, set);
  set_identity(raw, from, set);
  set_tls(raw, from, set);
  if (set.error)
    return std::move(set.error);
  return result;
}

std::string
url_of_discovered(std::string_view known, std::string_view discovered) {
  auto host = known.find("://");
  host = host == std::string_view::npos ? 0 : host + 3;
  if (auto at = known.rfind('@'); at != std::string_view::npos && at >= host)
    host = at + 1;
  auto other = discovered.find("://");
  discovered.remove_prefix(other == std::string_view::npos ? 0 : other + 3);
  return std::string{known.substr(0, host)} + std::string{discovered};
}

std::string without_secrets(std::string_view url) {
  auto host = url.find("://");
  host = host == std::string_view::npos ? 0 : host + 3;
  auto at = url.rfind('@');
  auto begin = at == std::string_view::npos || at < host ? host : at + 1;
  return std::string{url.substr(0, host)} + std::string{url.substr(begin)};
}

} // namespace orc::bus
