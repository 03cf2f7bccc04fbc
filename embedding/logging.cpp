#include "embedding/logging.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>
#include <utility>

namespace orc {

namespace {

using log_function = std::function<void(host_log_level, std::string_view)>;

spdlog::level::level_enum to_spdlog(host_log_level x) {
  switch (x) {
    case host_log_level::debug:
      return spdlog::level::debug;
    case host_log_level::info:
      return spdlog::level::info;
    case host_log_level::warn:
      return spdlog::level::warn;
    case host_log_level::error:
      return spdlog::level::err;
    default:
      return spdlog::level::off;
  }
}

host_log_level from_spdlog(spdlog::level::level_enum x) {
  if (x <= spdlog::level::debug)
    return host_log_level::debug;
  if (x == spdlog::level::info)
    return host_log_level::info;
  return x == spdlog::level::warn ? host_log_level::warn
                                  : host_log_level::error;
}

class function_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit function_sink(log_function f) : f_{std::move(f)} {
    // nop
  }

protected:
  void sink_it_(const spdlog::details::log_msg& x) override {
    f_(from_spdlog(x.level), {x.payload.data(), x.payload.size()});
  }

  void flush_() override {
    // Whoever takes the lines keeps them as it likes.
  }

private:
  log_function f_;
};

} // namespace

void log_to(host_log_level least, log_function f) {
  if (!f)
    return spdlog::set_level(spdlog::level::off);
  auto sink = std::make_shared<function_sink>(std::move(f));
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("", sink));
  spdlog::set_level(to_spdlog(least));
}

} // namespace orc
