#include "messages/json/crew_requests.hpp"
#include "messages/json/json.hpp"
#include "messages/json/operator_json.hpp"
#include "messages/run.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace orc;

void minify(std::string_view text) {
  auto once = minify_json(text);
  if (!once)
    return;
  fuzz::require(once->size() <= text.size());
  auto twice = minify_json(*once);
  fuzz::require(twice && *twice == *once);
  fuzz::require(json_contains(text, *once) && json_contains(*once, text));
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::as_text(data, size);
  (void)from_json<run_request>(text);
  minify(text);
  (void)json_quote(text);
  (void)read_crew_task(text);
  (void)read_crew_release(text);
  (void)read_operator(text);
  return 0;
}
