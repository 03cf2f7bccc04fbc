#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/units.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace orc::app {

/// Somebody who is told of facts about runs. A URL may hold what is secret, so
/// it is one.
struct webhook_entry {
  std::string name;
  secret url;
  std::string url_env;
  std::string events;
  std::string space;
  bool only_failures = false;
  secret signing_key;
  std::string signing_key_env;
  std::string signing_key_file;
  bool allow_private = false;
  std::chrono::milliseconds timeout{15'000};
  std::chrono::milliseconds give_up_after{72 * 3'600'000LL};
  std::uint64_t max_in_flight = 4;
  std::uint64_t max_backlog = 100'000;

  static constexpr auto fields = describe(
    "webhooks", "Somebody who is told of facts about runs.",
    field("name", &webhook_entry::name, "What commands and logs call it."),
    field("url", &webhook_entry::url, presence::optional,
          "Gets a POST with a CloudEvent for each fact; never shown."),
    field("url_env", &webhook_entry::url_env, presence::optional,
          "Environment variable that holds its URL."),
    field("events", &webhook_entry::events, presence::optional,
          "Only these, divided by commas, such as run.ended,run.settled; all "
          "if not given."),
    field("namespace", &webhook_entry::space, presence::optional,
          "Only runs of this namespace."),
    field("only_failures", &webhook_entry::only_failures, presence::optional,
          "Only ends of runs that did not succeed."),
    field("secret", &webhook_entry::signing_key, presence::optional,
          "Signs what is sent (Standard Webhooks): whsec_ and 24 to 64 bytes "
          "in base64."),
    field("secret_env", &webhook_entry::signing_key_env, presence::optional,
          "Environment variable that holds that secret."),
    field("secret_file", &webhook_entry::signing_key_file, presence::optional,
          "File that holds that secret."),
    field("allow_private", &webhook_entry::allow_private, presence::optional,
          "Allow addresses of this machine and of private networks; they are "
          "allowed anyway while `listen` is loopback."),
    field("timeout", &webhook_entry::timeout, presence::optional, "s",
          "An attempt that takes longer has failed."),
    field("give_up_after", &webhook_entry::give_up_after, presence::optional,
          "s", "A delivery that fails for so long is given up, but kept."),
    field("max_in_flight", &webhook_entry::max_in_flight, presence::optional,
          "How many deliveries are on their way at a time, 1 to 64."),
    field("max_backlog", &webhook_entry::max_backlog, presence::optional,
          "How many deliveries are kept; beyond, the oldest are dropped."));
};

} // namespace orc::app
