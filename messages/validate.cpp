#include "messages/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace orc {

namespace {

constexpr std::string_view alphanumerics
  = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Collects the first thing that is wrong with a request.
class checker {
public:
  explicit checker(const std::string& path) : path_{path} {
    // nop
  }

  void require(bool holds, std::string_view field, std::string_view problem,
               ec code = ec::bad_field) {
    if (holds || error_)
      return;
    auto dot = path_.empty() || field.empty() ? "" : ".";
    error_
      = make_error(code, fmt::format("{}{}{}: {}", path_, dot, field, problem));
  }

  caf::error result() && {
    return std::move(error_);
  }

private:
  const std::string& path_;
  caf::error error_;
};

bool has_only(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [=](char c) {
    return alphanumerics.find(c) != std::string_view::npos
           || others.find(c) != std::string_view::npos;
  });
}

/// Tokens travel in a header: a line break in one would forge another header.
bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string target_problem(std::string_view id) {
  auto separators = std::count(id.begin(), id.end(), '/')
                    + std::count(id.begin(), id.end(), '~');
  if (id.empty() || id.size() > max_name_length || !has_only(id, "-_./~")
      || separators > 1 || id.front() == '/' || id.back() == '/')
    return "must be an id or `user/name`";
  return {};
}

void check_target(const run_request& x, checker& check) {
  check.require(!x.actor.empty() || !x.task.empty(), "actor",
                "is missing: give `actor` or `task`");
  check.require(x.actor.empty() || x.task.empty(), "task",
                "give `actor` or `task`, not both");
  auto problem = target_problem(x.actor.empty() ? x.task : x.actor);
  check.require(problem.empty(), x.actor.empty() ? "task" : "actor", problem);
}

/// The platform sells these sizes.
bool is_memory(mebibytes x) {
  return std::has_single_bit(x.count) && x.count >= 128 && x.count <= 32'768;
}

std::string memory_problem(std::optional<mebibytes> x) {
  return fmt::format("must be a power of two from 128 to 32768, not {}",
                     x ? x->count : 0);
}

void check_money(std::optional<double> usd, std::string_view field,
                 checker& check) {
  check.require(!usd || (*usd > 0 && *usd <= max_usd), field,
                fmt::format("must be above 0 and at most {:.0f}", max_usd));
}

void check_options(const run_options& x, checker& check) {
  check.require(!x.memory || is_memory(*x.memory), "options.memoryMbytes",
                memory_problem(x.memory));
  check.require(x.timeout_secs.value_or(0) >= 0, "options.timeoutSecs",
                "must not be negative; 0 means no time-out");
  check.require(!x.build || (!x.build->empty() && has_only(*x.build, "-_.")),
                "options.build", "must be a tag or number such as `latest`");
  check.require(x.max_items.value_or(1) >= 1, "options.maxItems",
                "must be at least 1");
  check_money(x.max_total_charge_usd, "options.maxTotalChargeUsd", check);
  check.require(x.webhooks.empty() || x.webhooks.view() == "null"
                  || x.webhooks.view().front() == '[',
                "options.webhooks", "must be an array");
}

void check_permissions(const run_request& x, checker& check) {
  check.require(x.task.empty() || !x.options.force_permission_level,
                "options.forcePermissionLevel",
                "is not for tasks: the platform takes it for actors only");
}

void check_policies(const run_request& x, checker& check) {
  check_money(x.budget_usd, "budgetUsd", check);
  check.require(!x.max_memory || is_memory(*x.max_memory), "maxMemoryMbytes",
                memory_problem(x.max_memory));
  check.require(!x.max_memory || !x.options.memory
                  || *x.options.memory <= *x.max_memory,
                "maxMemoryMbytes", "must not be less than memoryMbytes");
  if (!x.stuck)
    return;
  check.require(x.stuck->after_secs >= 5 && x.stuck->after_secs <= 604'800,
                "stuck.afterSecs", "must be 5 to 604800");
  check.require(x.stuck->resurrections <= 100, "stuck.resurrections",
                "must be 0 to 100");
  check.require(x.stuck->restarts <= 100, "stuck.restarts", "must be 0 to 100");
}

void check_input(const run_request& x, checker& check) {
  auto size = x.input.view().size();
  check.require(size <= max_input_bytes, "input",
                fmt::format("has {} bytes; the platform takes at most {}. "
                            "Split it into several runs or pass a dataset",
                            size, max_input_bytes),
                ec::input_too_large);
  check.require(x.task.empty() || x.input.empty()
                  || x.input.view().front() == '{',
                "input", "of a task must be an object");
}

void check_account(const run_request& x, checker& check) {
  check.require(x.account.empty() || x.token.empty(), "token",
                "give `account` or `token`, not both");
  check.require(is_visible(x.token.reveal()), "token",
                "must have no blanks and only ASCII characters");
}

} // namespace

std::string name_problem(std::string_view name) {
  if (name.empty() || name.size() > max_name_length)
    return fmt::format("must have 1 to {} characters, not {}", max_name_length,
                       name.size());
  if (!has_only(name, "-_./:@"))
    return "must consist of letters, digits and `-_./:@`";
  // They would mean another folder in the path of a URL.
  if (name == "." || name == "..")
    return "must not be `.` or `..`";
  return {};
}

caf::error validate(const run_request& request, const std::string& path) {
  checker check{path};
  auto name = request.name.empty() ? "" : name_problem(request.name);
  check.require(name.empty(), "name", name);
  auto space = name_problem(request.space);
  check.require(space.empty(), "namespace", space);
  auto batch = request.batch.empty() ? "" : name_problem(request.batch);
  check.require(batch.empty(), "batch", batch);
  check_target(request, check);
  check_input(request, check);
  check_options(request.options, check);
  check_permissions(request, check);
  check_account(request, check);
  check_policies(request, check);
  check.require(request.attempts >= 1 && request.attempts <= 100, "attempts",
                "must be 1 to 100");
  check.require(request.priority >= -1000 && request.priority <= 1000,
                "priority", "must be -1000 to 1000");
  check.require(request.on_succeeded != end_policy::resurrect, "onSucceeded",
                "must be return or restart");
  return std::move(check).result();
}

} // namespace orc
