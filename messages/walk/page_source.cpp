#include "messages/walk/page_source.hpp"

#include <utility>

ORC_PAGE_SOURCE_MESSAGES(ORC_DEFINE_MESSAGE)

namespace orc {

caf::error
make_page_error(ec code, std::string message, std::chrono::milliseconds wait) {
  return caf::make_error(code, std::move(message), std::string{},
                         static_cast<std::int64_t>(wait.count()));
}

bool is_passing(const caf::error& x) {
  switch (code_of(x)) {
    // CAF's own: whoever was asked is gone.
    case ec::none:
    case ec::rate_limited:
    case ec::not_sent:
    case ec::answer_lost:
    case ec::bad_answer:
    case ec::timed_out:
    case ec::stopping:
      return true;
    default:
      return false;
  }
}

std::chrono::milliseconds wait_of(const caf::error& x) {
  const auto& context = x.context();
  if (context.size() > 2 && context.match_element<std::int64_t>(2))
    return std::chrono::milliseconds{context.get_as<std::int64_t>(2)};
  return std::chrono::milliseconds{0};
}

} // namespace orc
