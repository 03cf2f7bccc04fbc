#include "emulator/platform/script.hpp"

#include "emulator/api/json.hpp"

#include <cmath>

namespace orc::emulator {

namespace {

void read_milliseconds(const json_value& input, std::string_view name,
                       std::chrono::milliseconds& result) {
  const auto* x = find_member(input, name);
  if (x != nullptr && x->IsNumber() && x->GetDouble() >= 0)
    result = std::chrono::milliseconds{std::llround(x->GetDouble())};
}

void read_count(const json_value& input, std::string_view name,
                std::int64_t& result) {
  const auto* x = find_member(input, name);
  if (x != nullptr && x->IsNumber() && x->GetDouble() >= 0)
    result = std::llround(x->GetDouble());
}

void read_milliseconds(const json_value& input, std::string_view name,
                       std::optional<std::chrono::milliseconds>& result) {
  auto value = result.value_or(std::chrono::milliseconds{-1});
  read_milliseconds(input, name, value);
  if (value.count() >= 0)
    result = value;
}

void read_items(const json_value& input, script& result) {
  const auto* x = find_member(input, "items");
  if (x != nullptr && x->IsArray()) {
    result.items = 0;
    for (const auto& item : x->GetArray())
      if (item.IsObject())
        result.literal_items.push_back(to_text(item));
  } else {
    read_count(input, "items", result.items);
  }
  read_count(input, "itemBytes", result.item_bytes);
  read_milliseconds(input, "itemEveryMs", result.item_every);
}

void read_outcome(const json_value& input, script& result) {
  result.outcome = string_member(input, "outcome", result.outcome);
  result.resurrected_outcome
    = string_member(input, "resurrectedOutcome", result.resurrected_outcome);
  if (const auto* x = find_member(input, "exitCode");
      x != nullptr && x->IsInt())
    result.exit_code = x->GetInt();
  if (const auto* x = find_member(input, "usageTotalUsd");
      x != nullptr && x->IsNumber())
    result.usage_total_usd = x->GetDouble();
}

void read_fault(const json_value& input, script& result) {
  const auto* x = find_member(input, "fault");
  if (x == nullptr)
    return;
  auto name = std::string{};
  if (x->IsInt())
    name = std::to_string(x->GetInt());
  else if (x->IsString())
    name = x->GetString();
  const auto kind = parse_fault_kind(name);
  if (!kind)
    return;
  result.start_fault = fault{*kind};
  read_milliseconds(input, "faultMs", result.start_fault->delay);
}

std::string read_key(const json_value& input) {
  const auto* x = find_member(input, "key");
  if (x == nullptr)
    return {};
  return x->IsString() ? std::string{x->GetString(), x->GetStringLength()}
                       : to_text(*x);
}

} // namespace

std::string script::item(std::int64_t index, std::string_view run_id) const {
  if (!literal_items.empty())
    return literal_items[static_cast<std::size_t>(index)];
  auto out = json_writer{};
  out.object();
  if (!key.empty())
    out.member("key", key);
  out.member("index", index).member("runId", run_id);
  const auto missing
    = item_bytes - static_cast<std::int64_t>(out.str().size()) - 10;
  if (missing > 0)
    out.member("pad", std::string(static_cast<std::size_t>(missing), 'x'));
  out.end_object();
  return out.take();
}

script read_script(std::string_view input, const script& defaults) {
  auto result = defaults;
  auto document = json_document{};
  if (input.empty() || !parse_json(input, document) || !document.IsObject())
    return result;
  read_milliseconds(document, "durationMs", result.duration);
  read_milliseconds(document, "gracefulAbortMs", result.graceful_abort);
  read_milliseconds(document, "resurrectedDurationMs",
                    result.resurrected_duration);
  read_milliseconds(document, "usageAfterMs", result.usage_after);
  read_count(document, "needsMemoryMbytes", result.needs_memory_mbytes);
  read_items(document, result);
  read_outcome(document, result);
  read_fault(document, result);
  read_count(document, "failFirst", result.fail_first);
  read_count(document, "faultTimes", result.fault_times);
  result.status_message
    = string_member(document, "statusMessage", result.status_message);
  result.key = read_key(document);
  return result;
}

} // namespace orc::emulator
