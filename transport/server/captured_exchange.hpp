#pragma once

#include "transport/http/server.hpp"

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace orc::server {

/// An exchange without a connection: whoever asks gets the whole answer at
/// once, also where routes give it piece by piece.
class captured_exchange : public http::exchange {
public:
  /// Gets the answer, once, on any thread.
  using taker = std::function<void(http::response)>;

  /// @param most a longer body becomes an error, in bytes.
  captured_exchange(http::request request, std::size_t most, taker take);

  /// Answers 500 if nobody did.
  ~captured_exchange() override;

  captured_exchange(const captured_exchange&) = delete;
  captured_exchange& operator=(const captured_exchange&) = delete;

  const http::request& request() const noexcept override;
  std::string take_body() override;
  void reply(http::response response) override;
  void start(http::response head) override;
  void
  write(std::string piece, std::function<void(bool ok)> on_written) override;
  void finish() override;
  void drop() override;
  void upgrade(http::websocket_callbacks callbacks) override;
  bool is_upgrade() const noexcept override;
  void on_gone(std::function<void()> f) override;

private:
  void give(http::response response);
  http::response too_long() const;

  http::request request_;
  std::size_t most_;
  std::mutex mutex_;
  /// Empty once the answer is given.
  taker take_;
  std::optional<http::response> started_;
  std::function<void()> gone_;
};

} // namespace orc::server
