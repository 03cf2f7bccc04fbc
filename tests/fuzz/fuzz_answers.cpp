#include "messages/json/apify_answers.hpp"
#include "tests/fuzz/require.hpp"

/// The platform's answers may be anything: they are read, or refused.
extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto body = orc::fuzz::as_text(data, size);
  (void)orc::read_remote_run(body);
  (void)orc::read_remote_runs(body);
  (void)orc::read_account_limits(body);
  (void)orc::read_remote_user(body);
  (void)orc::read_target_defaults(body, true);
  (void)orc::read_target_defaults(body, false);
  (void)orc::read_item_counts(body);
  (void)orc::read_api_refusal(body);
  return 0;
}
