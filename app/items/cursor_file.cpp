#include "app/items/cursor_file.hpp"

#include "messages/base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

namespace orc::app {

caf::expected<cursor_file> cursor_file::open(std::string path) {
  cursor_file result{std::move(path)};
  std::ifstream in{result.path_};
  if (!in)
    return result;
  std::string head;
  in >> head >> result.items_ >> result.bytes_ >> result.cursor_;
  if (!in || head != "apify-orchestrator-cursor")
    return make_error(ec::bad_config,
                      fmt::format("--cursor: {} holds no cursor: name another "
                                  "file, or remove it to start over",
                                  result.path_));
  return result;
}

caf::error cursor_file::save(const item_piece& piece) {
  cursor_ = piece.cursor;
  items_ += piece.items;
  bytes_ += piece.body.view().size();
  auto unfinished = path_ + ".part";
  {
    std::ofstream out{unfinished, std::ios::trunc};
    out << "apify-orchestrator-cursor " << items_ << ' ' << bytes_ << ' '
        << cursor_ << '\n';
    out.close();
    if (out && std::rename(unfinished.c_str(), path_.c_str()) == 0)
      return {};
  }
  return make_error(ec::bad_config,
                    fmt::format("--cursor: {} cannot be written: {}", path_,
                                std::strerror(errno)));
}

} // namespace orc::app
