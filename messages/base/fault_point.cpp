#include "messages/base/fault_point.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>

namespace orc {

namespace {

/// What the environment asks for.
struct fault_plan {
  fault_plan() {
    const auto* text = std::getenv("ORCHESTRATOR_FAULT_POINT");
    if (text == nullptr)
      return;
    name = text;
    auto colon = name.find(':');
    if (colon != std::string::npos) {
      countdown = std::atoi(name.c_str() + colon + 1);
      name.resize(colon);
    }
  }

  std::string name;
  std::atomic<int> countdown{1};
};

} // namespace

void fault_point(std::string_view name) {
  static fault_plan plan;
  if (plan.name == name && --plan.countdown == 0)
    std::raise(SIGKILL);
}

} // namespace orc
