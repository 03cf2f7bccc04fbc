#include "messages/json/gateway_answers.hpp"

#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "messages/json/read_document.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <optional>

namespace orc {

namespace {

using rapidjson::Document;
using rapidjson::StringBuffer;
using rapidjson::Value;
using json_writer = rapidjson::Writer<StringBuffer>;

/// The platform's default where neither the run nor the start says more.
constexpr std::uint64_t default_memory = 1024;

/// @returns the document, or null if `text` is none.
Document parse(std::string_view text) {
  Document result;
  json::read_document(text, result);
  return result;
}

std::string render(const Value& x) {
  StringBuffer out;
  json_writer writer{out};
  x.Accept(writer);
  return {out.GetString(), out.GetSize()};
}

std::string_view view(const Value& x) {
  return {x.GetString(), x.GetStringLength()};
}

/// @returns the member, or null.
Value* member(Value& x, const char* key) {
  if (!x.IsObject())
    return nullptr;
  auto i = x.FindMember(key);
  return i != x.MemberEnd() ? &i->value : nullptr;
}

/// @returns the member of that name if it is a string, or null.
Value* text_member(Value* x, const char* key) {
  auto* found = x ? member(*x, key) : nullptr;
  return found && found->IsString() ? found : nullptr;
}

/// @returns the id of the run in an answer, or null.
Value* run_id_of(Document& answer) {
  return text_member(member(answer, "data"), "id");
}

void replace(Value& x, std::string_view text, Document& owner) {
  x.SetString(text.data(), static_cast<rapidjson::SizeType>(text.size()),
              owner.GetAllocator());
}

std::string_view status_of(const run& x) {
  switch (x.state) {
    case run_state::queued:
    case run_state::starting:
      return "READY";
    case run_state::running:
      return "RUNNING";
    case run_state::cancelled:
      return "ABORTED";
    case run_state::finished:
      return name_of(x.status.value_or(remote_status::failed));
    default:
      return "FAILED";
  }
}

class object_writer {
public:
  object_writer() {
    out_.StartObject();
  }

  object_writer& text(std::string_view key, std::string_view value) {
    name(key);
    out_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    return *this;
  }

  object_writer& number(std::string_view key, std::int64_t value) {
    name(key);
    out_.Int64(value);
    return *this;
  }

  object_writer& raw(std::string_view key, const std::string& json) {
    name(key);
    out_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    return *this;
  }

  std::string take() {
    out_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

private:
  void name(std::string_view key) {
    out_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
  }

  StringBuffer buffer_;
  json_writer out_{buffer_};
};

std::string render_options(const run_record& x) {
  auto memory = static_cast<std::int64_t>(
    x.view.memory.value_or(mebibytes{default_memory}).count);
  return object_writer{}
    .text("build", x.options.build.value_or("latest"))
    .number("timeoutSecs", x.options.timeout_secs.value_or(0))
    .number("memoryMbytes", memory)
    .number("diskMbytes", 2 * memory)
    .take();
}

void add_items(Value& to, const std::vector<std::string>& items,
               Document& owner) {
  for (const auto& text : items) {
    Document item{&owner.GetAllocator()};
    json::read_document(text, item);
    Value& value = item;
    to.PushBack(value, owner.GetAllocator());
  }
}

void set_number(Value& data, const char* key, std::uint64_t value,
                Document& owner) {
  if (auto* found = member(data, key))
    found->SetUint64(value);
  else
    data.AddMember(rapidjson::StringRef(key), Value{value},
                   owner.GetAllocator());
}

} // namespace

std::string render_waiting_run(const run_record& x, std::string_view id) {
  const auto& view = x.view;
  object_writer out;
  out.text("id", id)
    .text("actId", x.target.is_task ? "" : x.target.id)
    .text("userId", "")
    .text("startedAt", to_string(view.started_at.value_or(view.submitted_at)));
  if (x.target.is_task)
    out.text("actorTaskId", x.target.id);
  if (is_final(view.state))
    out.text("finishedAt",
             to_string(view.finished_at.value_or(view.submitted_at)));
  auto message = view.error ? view.error->message : view.reason.value_or("");
  out.text("status", status_of(view));
  if (!message.empty())
    out.text("statusMessage", message);
  return out.raw("meta", R"({"origin":"API"})")
    .raw("stats", "{}")
    .raw("options", render_options(x))
    .text("buildId", "")
    .text("generalAccess", "FOLLOW_USER_SETTING")
    .text("defaultKeyValueStoreId", id)
    .text("defaultDatasetId", id)
    .text("defaultRequestQueueId", id)
    .number("usageTotalUsd", 0)
    .take();
}

std::string render_run_answer(const run_record& x, std::string_view id) {
  return fmt::format(R"({{"data":{}}})", render_waiting_run(x, id));
}

std::string rename_run(std::string_view answer, std::string_view id) {
  auto document = parse(answer);
  auto* found = run_id_of(document);
  if (!found)
    return std::string{answer};
  replace(*found, id, document);
  return render(document);
}

std::string read_run_id(std::string_view answer) {
  auto document = parse(answer);
  auto* found = run_id_of(document);
  return found ? std::string{view(*found)} : std::string{};
}

caf::expected<run_list_page> read_run_list(std::string_view answer) {
  auto document = parse(answer);
  auto* data = member(document, "data");
  auto* items = data ? member(*data, "items") : nullptr;
  if (!items || !items->IsArray())
    return make_error(ec::bad_answer, "the platform's answer is no list");
  run_list_page result;
  for (auto& item : items->GetArray())
    if (auto* id = text_member(&item, "id"))
      result.ids.emplace_back(view(*id));
  if (auto* total = member(*data, "total"); total && total->IsUint64())
    result.total = total->GetUint64();
  return result;
}

std::string change_run_list(std::string_view answer, const run_list_change& x) {
  auto document = parse(answer);
  auto& data = *member(document, "data");
  auto& items = *member(data, "items");
  Value all{rapidjson::kArrayType};
  add_items(all, x.before, document);
  if (!x.only_these)
    for (auto& item : items.GetArray()) {
      if (auto* id = text_member(&item, "id"))
        if (auto name = x.names.find(std::string{view(*id)});
            name != x.names.end())
          replace(*id, name->second, document);
      all.PushBack(item, document.GetAllocator());
    }
  add_items(all, x.after, document);
  set_number(data, "total", x.total, document);
  set_number(data, "offset", x.offset, document);
  set_number(data, "limit", x.limit, document);
  set_number(data, "count", all.Size(), document);
  items = all;
  return render(document);
}

std::string read_json_array(std::string_view text) {
  auto document = parse(text);
  return document.IsArray() ? render(document) : std::string{};
}

} // namespace orc
