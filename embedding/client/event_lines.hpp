#pragma once

#include "messages/event.hpp"
#include "messages/json/json.hpp"
#include "transport/http/answer_sink.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace orc {

/// Reads the events of a service as they come: Server-Sent Events, each with
/// its data on one line.
class event_lines final : public http::answer_sink {
public:
  explicit event_lines(std::function<void(const run_event&)> f)
    : f_{std::move(f)} {
    // nop
  }

  void on_head(http::response, std::function<void()>) override {
    // What is no success has no events in it.
  }

  void on_piece(std::string piece, std::function<void()> go_on) override {
    text_ += piece;
    for (auto end = text_.find('\n'); end != std::string::npos;
         end = text_.find('\n')) {
      read(std::string_view{text_}.substr(0, end));
      text_.erase(0, end + 1);
    }
    go_on();
  }

private:
  void read(std::string_view line) const {
    constexpr std::string_view mark = "data: ";
    if (!line.starts_with(mark))
      return;
    if (auto event = from_json<run_event>(line.substr(mark.size())))
      f_(*event);
  }

  std::function<void(const run_event&)> f_;
  std::string text_;
};

} // namespace orc
