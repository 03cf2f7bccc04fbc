#include "app/plan/plan.hpp"
#include "tests/fuzz/require.hpp"

/// A plan is refused, or each of its runs can be read and has a name.
extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orc;
  auto plan = app::read_plan(fuzz::as_text(data, size));
  if (!plan)
    return 0;
  auto requests = plan->requests(0, plan->size());
  fuzz::require(requests.size() == plan->size());
  fuzz::require(plan->names().size() == plan->size());
  for (const auto& request : requests)
    fuzz::require(!request.name.empty());
  return 0;
}
