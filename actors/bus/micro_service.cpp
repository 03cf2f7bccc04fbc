#include "actors/bus/micro_service.hpp"

#include "messages/bus/settings.hpp"
#include "messages/json/json.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr std::string_view service_name = "apify-orchestrator";

/// Members share the work of a queue of this name.
constexpr std::string_view queue_group = "q";

/// @returns a verb as endpoints are named: without dots.
std::string endpoint_name(std::string verb) {
  std::replace(verb.begin(), verb.end(), '.', '_');
  return verb;
}

} // namespace

micro_service::micro_service(const std::string& instance, std::string id,
                             timestamp started,
                             const std::vector<api_verb>& verbs)
  : id_{std::move(id)}, instance_{instance}, started_{started} {
  auto subjects = bus_subjects{instance};
  for (const auto& x : verbs) {
    if (!x.instead.empty())
      continue;
    auto name = endpoint_name(x.verb);
    auto subject = subjects.commands + x.verb;
    endpoints_.push_back({name,
                          subject,
                          std::string{queue_group},
                          {{"verb", x.verb},
                           {"method", x.method},
                           {"path", x.path},
                           {"description", x.doc}}});
    micro_endpoint_stats one;
    one.name = name;
    one.subject = subject;
    one.queue_group = queue_group;
    stats_.emplace(x.verb, std::move(one));
  }
}

std::optional<std::string>
micro_service::answer(std::string_view subject) const {
  constexpr std::string_view prefix = "$SRV.";
  if (!subject.starts_with(prefix))
    return std::nullopt;
  subject.remove_prefix(prefix.size());
  auto verb = subject.substr(0, subject.find('.'));
  subject.remove_prefix(std::min(verb.size() + 1, subject.size()));
  if (!is_for_us(subject))
    return std::nullopt;
  if (verb == "PING")
    return to_json(begin<micro_ping>());
  if (verb == "STATS")
    return stats();
  if (verb != "INFO")
    return std::nullopt;
  auto result = begin<micro_info>();
  result.description = "Runs Apify Actors inside the memory and run slots you "
                       "have, none lost, none started twice.";
  result.endpoints = endpoints_;
  return to_json(result);
}

void micro_service::count(std::string_view verb, std::chrono::nanoseconds took,
                          std::string_view error) {
  auto known = stats_.find(verb);
  if (known == stats_.end())
    return;
  auto& x = known->second;
  ++x.num_requests;
  x.processing_time += static_cast<std::uint64_t>(took.count());
  x.average_processing_time = x.processing_time / x.num_requests;
  if (error.empty())
    return;
  ++x.num_errors;
  x.last_error = error;
}

template <class T>
T micro_service::begin() const {
  T result;
  result.name = service_name;
  result.id = id_;
  result.version = ORC_VERSION;
  result.metadata = {{"instance", instance_}};
  return result;
}

/// @param rest nothing, the name of a service, or its name and an id.
bool micro_service::is_for_us(std::string_view rest) const {
  if (rest.empty() || rest == service_name)
    return true;
  return rest.starts_with(service_name)
         && rest.substr(service_name.size()) == "." + id_;
}

std::string micro_service::stats() const {
  auto result = begin<micro_stats>();
  result.started = to_string(started_);
  for (const auto& [verb, one] : stats_)
    result.endpoints.push_back(one);
  return to_json(result);
}

} // namespace orc
