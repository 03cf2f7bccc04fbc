#pragma once

#include "messages/base/secret.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace orc {

/// How the bus is reached, and what the service has there.
struct bus_settings {
  /// `nats://host:port` or `tls://…`; may hold a user and a password.
  std::vector<secret> urls;
  /// Second part of every subject; letters, digits, `-` and `_`.
  std::string instance;
  /// Ways to prove who we are; at most one of them. Files are read when the
  /// connection is made, so that they may be renewed.
  std::string credentials_file;
  std::string nkey_file;
  secret token;
  std::string user;
  secret password;
  /// TLS: whom we trust, and our own certificate. Empty: the system's own.
  std::string ca_file;
  std::string cert_file;
  std::string key_file;
  /// Durable commands that are worked on at a time.
  std::uint32_t max_in_flight = 64;
  /// Requests that are worked on at a time; more are refused.
  std::uint32_t max_requests = 1'000;
  /// How long the streams keep events, and commands that were parked.
  std::chrono::hours keep_events{7 * 24};
  std::chrono::hours keep_parked{30 * 24};
  /// Copies of each stream in a cluster.
  std::uint32_t replicas = 1;

  friend bool operator==(const bus_settings&, const bus_settings&) = default;
};

/// The subjects of an instance.
struct bus_subjects {
  explicit bus_subjects(const std::string& instance)
    : commands{"orchestrator." + instance + ".cmd."}, work{"orchestrator."
                                                           + instance
                                                           + ".work."},
      events{"orchestrator." + instance + ".evt."}, parked{"orchestrator."
                                                           + instance
                                                           + ".parked"} {
    // nop
  }

  // Those that end with a dot are followed by a verb, or the kind of a fact.
  std::string commands;
  std::string work;
  std::string events;
  std::string parked;
};

} // namespace orc
