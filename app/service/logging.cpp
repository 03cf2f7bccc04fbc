#include "app/service/logging.hpp"

#include "messages/base/log_privacy.hpp"
#include "messages/json/json.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <unistd.h>

namespace orc::app {

namespace {

/// Writes `component event details` as the fields of a JSON string.
class json_payload : public spdlog::custom_flag_formatter {
public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    auto rest
      = std::string_view{message.payload.data(), message.payload.size()};
    auto component = next_word(rest);
    auto event = next_word(rest);
    auto text
      = fmt::format(R"("component":{},"event":{},"message":{})",
                    json_quote(component), json_quote(event), json_quote(rest));
    out.append(text.data(), text.data() + text.size());
  }

  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<json_payload>();
  }

private:
  static std::string_view next_word(std::string_view& text) {
    auto end = std::min(text.find(' '), text.size());
    auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
  }
};

/// Log levels have the names that the configuration has, not spdlog's.
class level_name : public spdlog::custom_flag_formatter {
public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    auto text
      = std::string_view{message.level == spdlog::level::warn   ? "warn"
                         : message.level == spdlog::level::err  ? "error"
                         : message.level == spdlog::level::info ? "info"
                                                                : "debug"};
    out.append(text.data(), text.data() + text.size());
  }

  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<level_name>();
  }
};

/// What the journal takes a line for: sd-daemon(3).
class journal_priority : public spdlog::custom_flag_formatter {
public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    auto text
      = std::string_view{message.level == spdlog::level::warn   ? "<4>"
                         : message.level == spdlog::level::err  ? "<3>"
                         : message.level == spdlog::level::info ? "<6>"
                                                                : "<7>"};
    out.append(text.data(), text.data() + text.size());
  }

  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<journal_priority>();
  }
};

/// @returns whether standard error leads to systemd's journal, which says so by
///          its device and inode.
bool writes_to_journal() {
  const auto* named = std::getenv("JOURNAL_STREAM");
  struct stat there {};
  return named && fstat(STDERR_FILENO, &there) == 0
         && fmt::format("{}:{}", there.st_dev, there.st_ino) == named;
}

std::string pattern_of(log_format x) {
  if (x == log_format::json)
    return R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%~",%*})";
  return writes_to_journal() ? "%>%v" : "%Y-%m-%dT%H:%M:%S.%eZ %~ %v";
}

spdlog::level::level_enum to_spdlog(log_level x) {
  switch (x) {
    case log_level::debug:
      return spdlog::level::debug;
    case log_level::info:
      return spdlog::level::info;
    case log_level::warn:
      return spdlog::level::warn;
    case log_level::error:
      return spdlog::level::err;
    case log_level::off:
      break;
  }
  return spdlog::level::off;
}

} // namespace

void start_logging(const log_options& options) {
  auto log = std::make_shared<spdlog::logger>(
    "orchestrator", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  // Whoever reads a log of a crash wants its last line.
  log->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(log));
  change_logging(options);
}

void change_logging(const log_options& options) {
  hide_sensitive(options.hide_sensitive);
  auto formatter = std::make_unique<spdlog::pattern_formatter>(
    spdlog::pattern_time_type::utc);
  formatter->add_flag<json_payload>('*')
    .add_flag<level_name>('~')
    .add_flag<journal_priority>('>');
  formatter->set_pattern(pattern_of(options.format));
  auto log = spdlog::default_logger();
  log->set_formatter(std::move(formatter));
  log->set_level(to_spdlog(options.level));
}

log_options quieter(log_options x, bool json) {
  if (x.level == log_level::info)
    x.level = !json && isatty(STDOUT_FILENO) ? log_level::off : log_level::warn;
  return x;
}

} // namespace orc::app
