#include "app/walk/walk_lines.hpp"

#include "app/text/amounts.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

std::string quoted(const std::optional<timestamp>& x) {
  return x ? json_quote(to_string(*x)) : "null";
}

/// @returns `, 3 stuck` where there are any.
std::string some(std::uint64_t count, const char* what) {
  return count > 0 ? fmt::format(", {} {}", print_count(count), what)
                   : std::string{};
}

std::string rate(double x) {
  return x >= 100 ? print_count(static_cast<std::uint64_t>(x))
                  : fmt::format("{:.1f}", x);
}

} // namespace

std::string progress_line(const walk_view& x, timestamp now) {
  auto result
    = fmt::format("{}: {} done, {}", x.name, print_count(x.completed, "page"),
                  print_count(x.items, "item"));
  result += some(x.stuck, "stuck") + some(x.failed, "failed")
            + some(x.item_errors, "failed items");
  if (x.is_finished)
    return fmt::format(
      "{}; {} after {}", result, name_of(x.state),
      print_duration(x.finished_at.value_or(now) - x.started_at));
  result += x.is_paused ? fmt::format("; paused, {} being done", x.processing)
                        : fmt::format("; {} of {} being done", x.processing,
                                      x.parallelism);
  if (x.pages_per_sec > 0)
    result += fmt::format("; {} items/s, {} pages/s", rate(x.items_per_sec),
                          rate(x.pages_per_sec));
  if (x.eta_secs)
    result += fmt::format("; {} left",
                          print_duration(std::chrono::milliseconds{
                            static_cast<std::int64_t>(*x.eta_secs * 1000)}));
  return result;
}

std::vector<std::string>
report_lines(const walk_view& x, const std::vector<walk_page_view>& pages,
             timestamp now) {
  std::vector<std::string> result{progress_line(x, now)};
  for (const auto& page : pages) {
    auto what
      = page.state == page_state::flawed
          ? fmt::format("{} failed", print_count(page.item_errors, "item"))
          : fmt::format("{} after {}", name_of(page.state),
                        print_count(page.attempts, "attempt"));
    result.push_back(fmt::format("  page {} (cursor \"{}\"): {}: {}", page.page,
                                 page.cursor, what, page.error));
  }
  if (x.resume_cursor)
    result.push_back(
      fmt::format("chain broken at cursor \"{}\": what comes "
                  "after it was never seen. Mend the cause, then "
                  "`--redrive`, or start another batch with "
                  "\"firstCursor\": {}",
                  *x.resume_cursor, json_quote(*x.resume_cursor)));
  else if (x.error)
    result.push_back(*x.error);
  return result;
}

std::string final_json(const walk_view& x) {
  return fmt::format(
    R"({{"event":"batch","name":{},"pages":{},"items":{},"completed":{},)"
    R"("failed":{},"stuck":{},"itemErrors":{},"maxParallelismAchieved":{},)"
    R"("startedAt":{},"finishedAt":{}}})",
    json_quote(x.name), x.pages, x.items, x.completed, x.failed, x.stuck,
    x.item_errors, x.max_achieved, quoted(x.started_at), quoted(x.finished_at));
}

bool is_success(const walk_view& x) {
  return x.state == walk_state::finished && x.failed == 0 && x.stuck == 0
         && x.item_errors == 0 && !x.error;
}

} // namespace orc::app
