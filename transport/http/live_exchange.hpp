#pragma once

#include "transport/asio/net.hpp"
#include "transport/http/server.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace orc::http {

class connection;

/// The exchange that handlers get: carries every call to the strand of its
/// connection, where a call that comes too late does nothing.
class live_exchange final : public exchange {
public:
  live_exchange(const std::shared_ptr<connection>& under, std::uint64_t number,
                http::request request, std::size_t max_message_bytes);
  ~live_exchange() override;

  const http::request& request() const noexcept override;
  std::string take_body() override;
  void reply(http::response response) override;
  void start(http::response head) override;
  void
  write(std::string piece, std::function<void(bool ok)> on_written) override;
  void finish() override;
  void drop() override;
  void upgrade(websocket_callbacks callbacks) override;
  bool is_upgrade() const noexcept override;
  void on_gone(std::function<void()> f) override;

private:
  enum class state : std::uint8_t { open, streaming, answered };

  /// Runs `f` with the connection on its strand, or `too_late` if that has
  /// closed or answered something else: at once when called on the strand.
  template <class F, class G>
  void on_connection(F f, G too_late);

  template <class F>
  void on_connection(F f);

  /// @param message must live forever.
  void reply_error(int status, const char* message);

  /// @returns whether the state was `from`; if so, it is `to` now.
  bool advance(state from, state to) noexcept;

  std::weak_ptr<connection> under_;
  net::strand strand_;
  std::uint64_t number_;
  http::request request_;
  std::size_t max_message_bytes_;
  std::atomic<state> state_{state::open};
};

} // namespace orc::http
