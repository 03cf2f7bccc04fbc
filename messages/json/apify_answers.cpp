#include "messages/json/apify_answers.hpp"

#include "messages/json/read_document.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>

namespace orc {

namespace {

using rapidjson::Value;

/// More than any account has; leaves room for sums.
constexpr auto unlimited
  = std::uint64_t{std::numeric_limits<std::uint32_t>::max()};

/// A parsed answer. Most are small: their values live in a buffer on the stack.
class answer {
public:
  explicit answer(std::string_view body)
    : problem_{json::read_document(body, document_)} {
    // nop
  }

  answer(const answer&) = delete;
  answer& operator=(const answer&) = delete;

  /// @returns the `data` of the answer if it is an object, else null.
  const Value* data() const {
    return problem_ ? nullptr : child(document_, "data");
  }

  const Value* refusal() const {
    return problem_ ? nullptr : child(document_, "error");
  }

  caf::error problem() const {
    if (problem_)
      return make_error(ec::bad_answer,
                        fmt::format("no JSON: {}", problem_->what));
    // What a replica that lags behind says of a run that was just started.
    if (is_null(document_, "data"))
      return make_error(ec::not_found, "the platform does not know it");
    return make_error(ec::bad_answer, "it holds no `data`");
  }

  /// @returns the member of `x` that is an object, or null.
  static const Value* child(const Value& x, const char* name) {
    if (!x.IsObject())
      return nullptr;
    auto i = x.FindMember(name);
    return i != x.MemberEnd() && i->value.IsObject() ? &i->value : nullptr;
  }

private:
  static bool is_null(const Value& x, const char* name) {
    if (!x.IsObject())
      return false;
    auto i = x.FindMember(name);
    return i != x.MemberEnd() && i->value.IsNull();
  }

  using pool = rapidjson::MemoryPoolAllocator<>;
  using document = rapidjson::GenericDocument<rapidjson::UTF8<>, pool, pool>;

  alignas(16) std::array<char, 8192> values_{};
  alignas(16) std::array<char, 2048> stack_{};
  pool value_pool_{values_.data(), values_.size()};
  pool stack_pool_{stack_.data(), stack_.size()};
  document document_{&value_pool_, 1024, &stack_pool_};
  std::optional<json::syntax_problem> problem_;
};

const Value* find(const Value* x, const char* name) {
  if (!x || !x->IsObject())
    return nullptr;
  auto i = x->FindMember(name);
  return i != x->MemberEnd() && !i->value.IsNull() ? &i->value : nullptr;
}

std::string_view text(const Value* x, const char* name) {
  auto y = find(x, name);
  return y && y->IsString()
           ? std::string_view{y->GetString(), y->GetStringLength()}
           : std::string_view{};
}

std::optional<double> number(const Value* x, const char* name) {
  auto y = find(x, name);
  return y && y->IsNumber() ? std::optional{y->GetDouble()} : std::nullopt;
}

std::optional<std::uint64_t> count(const Value* x, const char* name) {
  auto y = number(x, name);
  return y && *y >= 0 && *y < 1e18
           ? std::optional{static_cast<std::uint64_t>(*y)}
           : std::nullopt;
}

std::optional<timestamp> time(const Value* x, const char* name) {
  return parse_timestamp(text(x, name));
}

/// A status that we do not know is one that is not terminal, unless the run has
/// an end.
remote_status status_of(const Value& x) {
  auto name = std::string{text(&x, "status")};
  for (auto& c : name)
    if (c == '_')
      c = '-';
  if (auto known = parse_enum<remote_status>(name))
    return *known;
  if (name == "FINISHED")
    return remote_status::succeeded;
  return find(&x, "finishedAt") ? remote_status::failed
                                : remote_status::running;
}

void read_details(const Value& x, remote_run& result) {
  if (auto memory = count(find(&x, "options"), "memoryMbytes"))
    result.memory = mebibytes{*memory};
  if (auto message = text(&x, "statusMessage"); !message.empty())
    result.status_message = std::string{message};
  if (auto code = find(&x, "exitCode"); code && code->IsInt64())
    result.exit_code = code->GetInt64();
  result.usage_total_usd = number(&x, "usageTotalUsd");
  auto stats = find(&x, "stats");
  auto times = [stats](const char* name) {
    return static_cast<std::uint32_t>(count(stats, name).value_or(0));
  };
  result.resurrect_count = times("resurrectCount");
  result.migration_count = times("migrationCount");
  result.reboot_count = times("rebootCount");
  result.restart_count = times("restartCount");
}

caf::expected<remote_run> read_run(const Value& x) {
  remote_run result;
  result.id = text(&x, "id");
  if (result.id.empty() || !find(&x, "status"))
    return make_error(ec::bad_answer, "a run without `id` or `status`");
  result.actor_id = text(&x, "actId");
  result.task_id = text(&x, "actorTaskId");
  result.status = status_of(x);
  result.started_at = time(&x, "startedAt").value_or(timestamp{});
  result.finished_at = time(&x, "finishedAt");
  result.user_agent = text(find(&x, "meta"), "userAgent");
  result.dataset_id = text(&x, "defaultDatasetId");
  result.key_value_store_id = text(&x, "defaultKeyValueStoreId");
  read_details(x, result);
  return result;
}

/// Calls `f` for each element of a list answer until it fails.
template <class F>
caf::error for_each_item(const Value* data, F&& f) {
  auto items = find(data, "items");
  if (!items || !items->IsArray())
    return make_error(ec::bad_answer, "a list without `items`");
  for (const auto& item : items->GetArray())
    if (auto err = f(item))
      return err;
  return {};
}

/// The platform tells memory in fractions of a GB.
std::uint64_t
mebibytes_of(std::optional<double> gigabytes, std::uint64_t otherwise) {
  return gigabytes && *gigabytes >= 0 && *gigabytes < 1e6
           ? static_cast<std::uint64_t>(std::llround(*gigabytes * 1024))
           : otherwise;
}

} // namespace

caf::expected<remote_run> read_remote_run(std::string_view body) {
  answer in{body};
  if (!in.data())
    return in.problem();
  return read_run(*in.data());
}

caf::expected<remote_runs> read_remote_runs(std::string_view body) {
  answer in{body};
  if (!in.data())
    return in.problem();
  remote_runs result;
  auto err = for_each_item(in.data(), [&](const Value& x) -> caf::error {
    auto run = read_run(x);
    if (!run)
      return run.error();
    result.runs.push_back(std::move(*run));
    return {};
  });
  if (err)
    return err;
  result.total = count(in.data(), "total").value_or(result.runs.size());
  return result;
}

caf::expected<account_limits> read_account_limits(std::string_view body) {
  answer in{body};
  if (!in.data())
    return in.problem();
  auto limits = find(in.data(), "limits");
  auto current = find(in.data(), "current");
  account_limits result;
  result.max_memory.count
    = mebibytes_of(number(limits, "maxActorMemoryGbytes"), unlimited);
  result.used_memory.count
    = mebibytes_of(number(current, "actorMemoryGbytes"), 0);
  result.max_runs = count(limits, "maxConcurrentActorJobs").value_or(unlimited);
  result.active_runs = count(current, "activeActorJobCount").value_or(0);
  result.max_monthly_usd = number(limits, "maxMonthlyUsageUsd");
  result.monthly_usd = number(current, "monthlyUsageUsd");
  return result;
}

caf::expected<remote_user> read_remote_user(std::string_view body) {
  answer in{body};
  if (!in.data())
    return in.problem();
  return remote_user{std::string{text(in.data(), "id")},
                     std::string{text(in.data(), "username")}};
}

caf::expected<target_defaults>
read_target_defaults(std::string_view body, bool is_task) {
  answer in{body};
  if (!in.data())
    return in.problem();
  target_defaults result;
  auto id = std::string{text(in.data(), "id")};
  auto options = find(in.data(), is_task ? "options" : "defaultRunOptions");
  if (auto memory = count(options, "memoryMbytes"))
    result.memory = mebibytes{*memory};
  result.actor_id = is_task ? std::string{text(in.data(), "actId")} : id;
  if (is_task)
    result.task_id = id;
  if (result.actor_id.empty())
    return make_error(ec::bad_answer, "it holds no `id`");
  return result;
}

caf::expected<item_counts> read_item_counts(std::string_view body) {
  answer in{body};
  if (!in.data())
    return in.problem();
  item_counts result;
  auto add = [&](const Value& x) -> caf::error {
    if (auto items = count(&x, "itemCount"))
      result.counts[std::string{text(&x, "id")}] = *items;
    return {};
  };
  auto err = find(in.data(), "items") ? for_each_item(in.data(), add)
                                      : add(*in.data());
  if (err)
    return err;
  return result;
}

log_end read_log_end(std::string_view body) {
  while (!body.empty()) {
    auto newline = body.substr(0, body.size() - 1).rfind('\n');
    auto line
      = newline == std::string_view::npos ? body : body.substr(newline + 1);
    if (auto at = parse_timestamp(line.substr(0, line.find(' '))))
      return {at};
    body.remove_suffix(line.size());
  }
  return {};
}

caf::expected<record_store> read_record_store(std::string_view body) {
  answer in{body};
  if (!in.data())
    return in.problem();
  return record_store{std::string{text(in.data(), "id")}};
}

caf::expected<remote_dataset> read_remote_dataset(std::string_view body) {
  answer in{body};
  if (!in.data())
    return in.problem();
  return remote_dataset{std::string{text(in.data(), "id")},
                        std::string{text(in.data(), "actRunId")}};
}

caf::expected<record_keys> read_record_keys(std::string_view body) {
  answer in{body};
  if (!in.data())
    return in.problem();
  record_keys result;
  auto err = for_each_item(in.data(), [&](const Value& x) -> caf::error {
    result.keys.emplace_back(text(&x, "key"));
    return {};
  });
  if (err)
    return err;
  auto more = find(in.data(), "isTruncated");
  if (more && more->IsTrue())
    result.next = text(in.data(), "nextExclusiveStartKey");
  return result;
}

api_refusal read_api_refusal(std::string_view body) {
  answer in{body};
  return {std::string{text(in.refusal(), "type")},
          std::string{text(in.refusal(), "message")}};
}

} // namespace orc
