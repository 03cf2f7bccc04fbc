#pragma once

#include "messages/apify_api.hpp"
#include "transport/http/message.hpp"

#include <caf/expected.hpp>

#include <string>

namespace orc::apify {

/// Reads a page of items: the body as it is, its counts from the headers.
class items_reader {
public:
  explicit items_reader(const get_items& asked) : format_{asked.format} {
    // nop
  }

  caf::expected<items_page> operator()(http::response& answer) const;

private:
  std::string format_;
};

} // namespace orc::apify
