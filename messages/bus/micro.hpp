#pragma once

#include "messages/base/fields.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace orc {

// What a NATS micro service answers to `$SRV.PING`, `$SRV.INFO` and
// `$SRV.STATS` (ADR-32 of NATS).

struct micro_ping {
  std::string type = "io.nats.micro.v1.ping_response";
  std::string name;
  std::string id;
  std::string version;
  std::map<std::string, std::string> metadata;

  static constexpr auto fields
    = describe("micro_ping", "The service is there.",
               field("type", &micro_ping::type, "Of this answer."),
               field("name", &micro_ping::name, "Of the service."),
               field("id", &micro_ping::id, "Of this process."),
               field("version", &micro_ping::version, "Of the service."),
               field("metadata", &micro_ping::metadata, "Its instance."));
};

struct micro_endpoint {
  std::string name;
  std::string subject;
  std::string queue_group;
  std::map<std::string, std::string> metadata;

  static constexpr auto fields
    = describe("micro_endpoint", "Something that can be asked.",
               field("name", &micro_endpoint::name, "Of it."),
               field("subject", &micro_endpoint::subject, "Where."),
               field("queue_group", &micro_endpoint::queue_group, "Which."),
               field("metadata", &micro_endpoint::metadata, "As of HTTP."));
};

struct micro_info {
  std::string type = "io.nats.micro.v1.info_response";
  std::string name;
  std::string id;
  std::string version;
  std::map<std::string, std::string> metadata;
  std::string description;
  std::vector<micro_endpoint> endpoints;

  static constexpr auto fields
    = describe("micro_info", "What the service does.",
               field("type", &micro_info::type, "Of this answer."),
               field("name", &micro_info::name, "Of the service."),
               field("id", &micro_info::id, "Of this process."),
               field("version", &micro_info::version, "Of the service."),
               field("metadata", &micro_info::metadata, "Its instance."),
               field("description", &micro_info::description, "One sentence."),
               field("endpoints", &micro_info::endpoints, "All verbs."));
};

struct micro_endpoint_stats {
  std::string name;
  std::string subject;
  std::string queue_group;
  std::uint64_t num_requests = 0;
  std::uint64_t num_errors = 0;
  std::string last_error;
  /// In nanoseconds.
  std::uint64_t processing_time = 0;
  std::uint64_t average_processing_time = 0;

  static constexpr auto fields
    = describe("micro_endpoint_stats", "How often something was asked.",
               field("name", &micro_endpoint_stats::name, "Of it."),
               field("subject", &micro_endpoint_stats::subject, "Where."),
               field("queue_group", &micro_endpoint_stats::queue_group, "."),
               field("num_requests", &micro_endpoint_stats::num_requests, "."),
               field("num_errors", &micro_endpoint_stats::num_errors, "."),
               field("last_error", &micro_endpoint_stats::last_error, "."),
               field("processing_time", &micro_endpoint_stats::processing_time,
                     presence::required, "ns", "Of all."),
               field("average_processing_time",
                     &micro_endpoint_stats::average_processing_time,
                     presence::required, "ns", "Of one."));
};

struct micro_stats {
  std::string type = "io.nats.micro.v1.stats_response";
  std::string name;
  std::string id;
  std::string version;
  std::map<std::string, std::string> metadata;
  std::string started;
  std::vector<micro_endpoint_stats> endpoints;

  static constexpr auto fields
    = describe("micro_stats", "How the service is used.",
               field("type", &micro_stats::type, "Of this answer."),
               field("name", &micro_stats::name, "Of the service."),
               field("id", &micro_stats::id, "Of this process."),
               field("version", &micro_stats::version, "Of the service."),
               field("metadata", &micro_stats::metadata, "Its instance."),
               field("started", &micro_stats::started, "ISO 8601."),
               field("endpoints", &micro_stats::endpoints, "All verbs."));
};

} // namespace orc
