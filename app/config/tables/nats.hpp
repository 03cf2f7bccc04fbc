#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/secret.hpp"

#include <cstdint>
#include <string>

namespace orc::app {

/// The message bus through which the service can be used.
struct nats_options {
  secret url;
  std::string instance = "main";
  std::string credentials_file;
  std::string nkey_file;
  secret token;
  std::string token_env;
  std::string token_file;
  std::string user;
  secret password;
  std::string password_env;
  std::string password_file;
  std::string ca_file;
  std::string cert_file;
  std::string key_file;
  std::uint64_t max_in_flight = 64;
  std::uint64_t max_requests = 1'000;
  std::uint64_t max_backlog = 1'000'000;
  std::uint64_t keep_events_days = 7;
  std::uint64_t replicas = 1;

  static constexpr auto fields = describe(
    "nats", "The message bus (NATS) through which `serve` can be used, too.",
    field("url", &nats_options::url, presence::optional,
          "NATS servers, divided by commas, such as nats://127.0.0.1:4222 or "
          "tls://…; never shown. There is no bus if not given."),
    field("instance", &nats_options::instance, presence::optional,
          "Second part of every subject: orchestrator.NAME.cmd.run.submit. Two "
          "services on one bus need two names."),
    field("credentials_file", &nats_options::credentials_file,
          presence::optional, "File of a user's JWT and seed (.creds)."),
    field("nkey_file", &nats_options::nkey_file, presence::optional,
          "File that holds the seed of an nkey."),
    field("token", &nats_options::token, presence::optional,
          "Token of the bus; better kept out of this file by one of the "
          "next."),
    field("token_env", &nats_options::token_env, presence::optional,
          "Environment variable that holds that token."),
    field("token_file", &nats_options::token_file, presence::optional,
          "File that holds that token."),
    field("user", &nats_options::user, presence::optional,
          "User of the bus, with a password."),
    field("password", &nats_options::password, presence::optional,
          "Password of that user; better kept out of this file by one of the "
          "next."),
    field("password_env", &nats_options::password_env, presence::optional,
          "Environment variable that holds that password."),
    field("password_file", &nats_options::password_file, presence::optional,
          "File that holds that password."),
    field("ca_file", &nats_options::ca_file, presence::optional,
          "File of the certificates that we trust, in PEM; switches TLS on."),
    field("cert_file", &nats_options::cert_file, presence::optional,
          "File of our own certificate, in PEM; needs key_file."),
    field("key_file", &nats_options::key_file, presence::optional,
          "File of its key, in PEM."),
    field("max_in_flight", &nats_options::max_in_flight, presence::optional,
          "Durable commands that are worked on at a time, 1 to 1000."),
    field("max_requests", &nats_options::max_requests, presence::optional,
          "Requests that are worked on at a time; more are refused."),
    field("max_backlog", &nats_options::max_backlog, presence::optional,
          "How many events are kept while the bus is away; beyond, the oldest "
          "are dropped."),
    field("keep_events_days", &nats_options::keep_events_days,
          presence::optional, "d",
          "How long the stream of events, when it is made, keeps them."),
    field("replicas", &nats_options::replicas, presence::optional,
          "Copies of each stream in a cluster, when it is made, 1 to 5."));
};

} // namespace orc::app
