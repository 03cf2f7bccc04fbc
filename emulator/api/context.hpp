#pragma once

#include "emulator/api/api_error.hpp"
#include "emulator/api/traffic.hpp"
#include "emulator/api/user.hpp"
#include "transport/http/server.hpp"
#include "transport/http/url.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orc::emulator {

class router;

/// How an answer is spoilt although what was asked for is done.
enum class reply_fault : std::uint8_t {
  none,
  /// The connection closes without an answer.
  lost,
  /// The connection closes within the answer.
  half,
  /// 500 takes the answer's place.
  error_500,
};

/// One request of the API and the way to answer it. Whoever answers later keeps
/// the `context_ptr`; exactly one reply is sent.
class context {
public:
  context(http::exchange_ptr exchange, traffic& counters);

  // -- the request -----------------------------------------------------------

  const http::request& request() const noexcept {
    return exchange_->request();
  }

  /// The method, after `?method=`.
  const std::string& method() const noexcept {
    return method_;
  }

  const std::string& path() const noexcept {
    return path_;
  }

  const http::query& query() const noexcept {
    return query_;
  }

  /// @returns the decoded part of the path that `{name}` of the pattern stands
  /// for, or "".
  std::string_view param(std::string_view name) const noexcept;

  /// Who asks; null on routes of `access::open` without a valid token.
  const user* caller() const noexcept {
    return caller_;
  }

  /// Who asks.
  /// @pre the route is one of `access::token`
  const user& me() const noexcept {
    return *caller_;
  }

  std::string take_body() {
    return exchange_->take_body();
  }

  /// @returns the content type without parameters, in lower case.
  std::string content_type() const;

  // -- the query, decoded ----------------------------------------------------

  std::string text(std::string_view name, std::string_view fallback = {}) const;

  /// `1`, `true` or the bare name mean true; `0` and `false` mean false.
  /// @throws api_error for anything else
  bool flag(std::string_view name, bool fallback = false) const;

  /// @throws api_error if it is there and no whole number
  std::optional<std::int64_t> integer(std::string_view name) const;

  /// @throws api_error if it is there and no number
  std::optional<double> number(std::string_view name) const;

  /// The comma-separated parts; none if it is missing.
  std::vector<std::string> list(std::string_view name) const;

  // -- the answer ------------------------------------------------------------

  http::exchange& exchange() noexcept {
    return *exchange_;
  }

  const http::exchange_ptr& exchange_handle() const noexcept {
    return exchange_;
  }

  /// Answers with a body as it is.
  void reply(http::response response);

  /// Starts an answer whose body follows through `exchange()`.
  /// @returns false if a fault took its place: then nothing may follow
  bool start(http::response head);

  /// Answers `{"data": json}`.
  void reply_data(std::string_view json, int status = 200,
                  http::fields headers = {});

  /// Answers with JSON that has no envelope.
  void
  reply_json(std::string json, int status = 200, http::fields headers = {});

  /// Answers 204.
  void reply_empty();

  void reply_error(const api_error& error);

  void reply_error(int status, std::string type, std::string message) {
    reply_error(api_error{status, std::move(type), std::move(message)});
  }

  /// Spoils the answer that follows.
  void spoil(reply_fault fault) noexcept {
    fault_ = fault;
  }

  /// Sent with whatever answer follows, such as `X-RateLimit-Limit`.
  void add_header(std::string name, std::string value);

private:
  friend class router;

  void reply_half(http::response response);

  http::exchange_ptr exchange_;
  traffic& traffic_;
  std::string method_;
  std::string path_;
  http::query query_;
  std::vector<std::pair<std::string_view, std::string>> params_;
  const user* caller_ = nullptr;
  http::fields extra_headers_;
  reply_fault fault_ = reply_fault::none;
};

using context_ptr = std::shared_ptr<context>;

} // namespace orc::emulator
