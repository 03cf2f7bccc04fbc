#include "app/progress/view.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <cstdio>
#include <unistd.h>

namespace orc::app {

namespace {

constexpr auto erase_rest_of_line = "\x1b[K";
constexpr auto erase_rest_of_screen = "\x1b[J";
constexpr auto color_off = "\x1b[0m";

std::string_view color_of(tone x) {
  switch (x) {
    case tone::good:
      return "\x1b[32m";
    case tone::bad:
      return "\x1b[31m";
    case tone::busy:
      return "\x1b[36m";
    case tone::plain:
      break;
  }
  return "";
}

/// Redraws its lines in place: each frame is one write that overwrites the last
/// one and erases only what is left of it, so that nothing flickers.
class screen : public progress_view {
public:
  screen(timestamp since, bool colors) : since_{since}, colors_{colors} {
    // nop
  }

  void changed(event_kind, const run&) override {
    // nop
  }

  void refresh(const run_board& board) override {
    auto lines = progress_lines(board, terminal_size(), since_, now());
    auto frame = to_top();
    for (const auto& x : lines) {
      auto color = colors_ ? color_of(x.color) : std::string_view{};
      frame += fmt::format("{}{}{}{}\n", color, x.text,
                           color.empty() ? "" : color_off, erase_rest_of_line);
    }
    frame += erase_rest_of_screen;
    drawn_ = lines.size();
    write(frame);
  }

  std::size_t visible_rows() const override {
    auto height = terminal_size().height;
    return height > 4 ? height - 3 : 1;
  }

  void close() override {
    write(to_top() + erase_rest_of_screen);
    drawn_ = 0;
  }

private:
  std::string to_top() const {
    return drawn_ == 0 ? "" : fmt::format("\r\x1b[{}A", drawn_);
  }

  static void write(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }

  timestamp since_;
  bool colors_;
  std::size_t drawn_ = 0;
};

} // namespace

screen_size terminal_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0
      || size.ws_row == 0)
    return {};
  return {size.ws_col, size.ws_row};
}

std::unique_ptr<progress_view> table_view(timestamp since, bool colors) {
  return std::make_unique<screen>(since, colors);
}

} // namespace orc::app
