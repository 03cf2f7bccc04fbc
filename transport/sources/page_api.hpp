#pragma once

#include "messages/walk/page_source.hpp"
#include "transport/http/client.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

/// A page as an API answers it.
struct api_page {
  std::vector<std::string> items;
  /// Nothing on the last page.
  std::optional<std::string> next;
};

/// An HTTP API of pages: what to ask it, and what its answers say. Knows no
/// sockets.
class page_api {
public:
  /// @returns `ec::bad_field` if the URL makes no sense.
  static caf::expected<page_api> make(const walk_source& source);

  /// @returns what to send for a page; `ec::bad_config` if the API led to
  ///          another server.
  caf::expected<http::outgoing>
  request_for(const std::string& at, std::uint64_t size) const;

  /// @returns the page, or an error that says whether to ask again, and when.
  caf::expected<api_page> read(const http::client::result& result) const;

private:
  caf::expected<http::url> follow(const std::string& cursor) const;
  std::string without_keys(std::string_view link) const;
  caf::error refusal(const http::response& x) const;
  caf::expected<std::optional<std::string>>
  read_next(std::string_view body) const;
  /// @returns the URL without what may be secret.
  std::string name() const;

  http::url base_;
  http::fields headers_;
  std::vector<std::string> items_path_;
  std::vector<std::string> next_path_;
  std::string cursor_param_;
  std::string size_param_;
};

} // namespace orc
