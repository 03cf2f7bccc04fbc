#include "emulator/process/log_stamper.hpp"

#include <algorithm>
#include <utility>

namespace orc::emulator {

std::string log_stamper::add(std::string_view output, moment when) {
  std::string result;
  while (!output.empty() && left_ > 0) {
    if (line_.empty())
      take(to_iso(when) + ' ');
    auto end = output.find('\n');
    take(output.substr(0, end));
    if (end == std::string_view::npos)
      break;
    if (line_.ends_with('\r'))
      line_.pop_back();
    take("\n");
    result += std::exchange(line_, {});
    output.remove_prefix(end + 1);
  }
  return result;
}

std::string log_stamper::finish() {
  if (!line_.empty())
    take("\n");
  return std::exchange(line_, {});
}

void log_stamper::take(std::string_view text) {
  text = text.substr(0, left_);
  left_ -= text.size();
  line_ += text;
}

} // namespace orc::emulator
