#include "tests/fuzz/require.hpp"
#include "transport/http/url.hpp"

/// A URL that was read is read again from what it is written as; escapes come
/// back.
extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orc;
  auto text = fuzz::as_text(data, size);
  if (auto url = http::parse_url(text)) {
    fuzz::require(!url->host.empty() && !url->target.empty());
    auto again
      = http::parse_url(url->scheme + "://" + url->authority() + url->target);
    fuzz::require(again && again->host == url->host && again->port == url->port
                  && again->target == url->target);
  }
  fuzz::require(http::percent_decode(http::percent_encode(text)) == text);
  auto [path, rest] = http::split_target(text);
  fuzz::require(path.size() <= size);
  for (const auto& [name, value] : http::query{rest})
    fuzz::require(name.size() + value.size() <= rest.size());
  return 0;
}
