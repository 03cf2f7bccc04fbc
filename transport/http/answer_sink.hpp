#pragma once

#include "transport/http/message.hpp"

#include <functional>
#include <string>

namespace orc::http {

/// Takes an answer piece by piece, as it comes from the wire: nothing is
/// decoded, and no more than one piece is in memory. Called on the runtime.
class answer_sink {
public:
  virtual ~answer_sink() = default;

  /// Takes status and headers. There is no deadline from here on: whoever no
  /// longer wants the rest calls `give_up`, from any thread; then the request
  /// ends with `failure::answer_lost`.
  virtual void on_head(response head, std::function<void()> give_up) = 0;

  /// Takes a piece of the body. The next one is read after `go_on`, which may
  /// be called from any thread, also before this returns.
  virtual void on_piece(std::string piece, std::function<void()> go_on) = 0;
};

} // namespace orc::http
