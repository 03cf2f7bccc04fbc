#include "app/progress/view.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace orc::app {

namespace {

/// After so long without news people wonder.
constexpr std::chrono::seconds silence{15};

class json_lines : public progress_view {
public:
  void changed(event_kind what, const run& x) override {
    if (what != event_kind::ended)
      return;
    fmt::print("{{\"event\":\"run-finished\",\"run\":{}}}\n", to_json(x));
    // Whoever reads it acts on it now.
    std::fflush(stdout);
  }
};

class plain_lines : public progress_view {
public:
  explicit plain_lines(timestamp since) : since_{since}, printed_{since} {
    // nop
  }

  void changed(event_kind what, const run& x) override {
    if (what != event_kind::started && what != event_kind::resurrected
        && what != event_kind::ended)
      return;
    print(change_line(x));
  }

  void refresh(const run_board& board) override {
    if (now() - printed_ < silence)
      return;
    auto line = summary_line(board.totals(), since_, now());
    auto first = board.most_telling(1).front();
    if (const auto& reason = board.row(first).reason; !reason.empty())
      line += fmt::format("; {}: {}", board.names()[first].name, reason);
    print(line);
  }

  std::size_t visible_rows() const override {
    return 1;
  }

private:
  void print(const std::string& line) {
    printed_ = now();
    fmt::print("{} {}\n", to_string(printed_), line);
    std::fflush(stdout);
  }

  timestamp since_;
  timestamp printed_;
};

} // namespace

std::unique_ptr<progress_view> json_view() {
  return std::make_unique<json_lines>();
}

std::unique_ptr<progress_view> line_view(timestamp since) {
  return std::make_unique<plain_lines>(since);
}

} // namespace orc::app
