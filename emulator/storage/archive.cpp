#include "emulator/storage/archive.hpp"

#include "emulator/api/context.hpp"
#include "emulator/storage/digest.hpp"

#include <map>

namespace orc::emulator {

namespace {

constexpr auto catalog_file = "storages.jsonl";

std::string lines_file(std::string_view kind, const std::string& id) {
  return std::string{kind} + '/' + id + ".jsonl";
}

std::string records_folder(const std::string& id) {
  return "key-value-stores/" + id;
}

/// Keys are fit for names of files but for those that are too long, hidden, or
/// end as a file that is being replaced.
std::string record_file(const std::string& id, std::string_view key) {
  const auto is_plain = key.size() <= 200 && key.front() != '.'
                        && key.find(".new") == std::string_view::npos;
  return records_folder(id) + '/'
         + (is_plain ? std::string{key} : "sha256-" + sha256_hex(key));
}

storage_info read_info(const json_value& line) {
  auto result = storage_info{};
  result.id = string_member(line, "id");
  result.name = string_member(line, "name");
  result.user_id = string_member(line, "userId");
  result.username = string_member(line, "username");
  result.act_id = string_member(line, "actId");
  result.act_run_id = string_member(line, "actRunId");
  result.general_access
    = string_member(line, "generalAccess", result.general_access);
  const auto created = parse_iso(string_member(line, "createdAt"));
  result.created_at = created.value_or(now());
  result.modified_at = result.accessed_at = result.created_at;
  return result;
}

} // namespace

void archive::save(std::string_view kind, const storage_info& info) const {
  if (!disk_.enabled())
    return;
  auto out = json_writer{};
  out.object().member("kind", kind);
  write_info(out, info, kind);
  disk_.append(catalog_file, out.end_object().take() + '\n');
}

void archive::remove(std::string_view kind, const std::string& id) const {
  if (!disk_.enabled())
    return;
  auto out = json_writer{};
  out.object().member("kind", kind).member("removed", id).end_object();
  disk_.append(catalog_file, out.take() + '\n');
  disk_.remove(lines_file(kind, id));
  if (kind == "key-value-stores")
    disk_.remove(records_folder(id));
}

void archive::load(std::string_view kind,
                   const std::function<void(storage_info)>& f) const {
  auto found = std::map<std::string, storage_info>{};
  each_line(disk_.read_lines(catalog_file), [&](std::string_view text) {
    auto line = json_document{};
    if (!parse_json(text, line) || string_member(line, "kind") != kind)
      return;
    found.erase(string_member(line, "removed"));
    if (auto info = read_info(line); !info.id.empty())
      found.insert_or_assign(info.id, info);
  });
  auto by_age = std::multimap<moment, storage_info>{};
  for (auto& [id, info] : found)
    by_age.emplace(info.created_at, std::move(info));
  for (auto& [age, info] : by_age)
    f(std::move(info));
}

void archive::clear() const {
  for (const auto* name :
       {catalog_file, "datasets", "key-value-stores", "request-queues"})
    disk_.remove(name);
}

void archive::append_items(const std::string& id,
                           const parsed_items& items) const {
  if (!disk_.enabled() || items.items.empty())
    return;
  auto text = std::string{};
  text.reserve(items.text.size() + items.items.size());
  for (auto i = std::size_t{0}; i < items.items.size(); ++i)
    text.append(items[i]).push_back('\n');
  disk_.append(lines_file("datasets", id), text);
}

void archive::load_items(
  const std::string& id,
  const std::function<void(const parsed_items&)>& f) const {
  each_line(disk_.read_lines(lines_file("datasets", id)),
            [&](std::string_view line) { f(parse_items(line)); });
}

void archive::save_record(const std::string& id, std::string_view key,
                          const stored_record& record) const {
  if (!disk_.enabled())
    return;
  auto head = json_writer{};
  head.object().member("key", key).member("contentType", record.content_type);
  head.end_object();
  disk_.replace(record_file(id, key), head.take() + '\n' + record.body);
}

void archive::remove_record(const std::string& id, std::string_view key) const {
  disk_.remove(record_file(id, key));
}

void archive::load_records(
  const std::string& id,
  const std::function<void(std::string, stored_record)>& f) const {
  for (const auto& file : disk_.list(records_folder(id))) {
    auto text = disk_.read(records_folder(id) + '/' + file);
    const auto end = text ? text->find('\n') : std::string::npos;
    auto head = json_document{};
    if (end == std::string::npos
        || !parse_json(std::string_view{*text}.substr(0, end), head))
      continue;
    f(string_member(head, "key"),
      {string_member(head, "contentType"), text->substr(end + 1)});
  }
}

void archive::save_request(const std::string& id, std::int64_t order,
                           std::string_view json) const {
  if (!disk_.enabled())
    return;
  auto out = json_writer{};
  out.object().member("order", order).raw_member("request", json).end_object();
  disk_.append(lines_file("request-queues", id), out.take() + '\n');
}

void archive::remove_request(const std::string& id,
                             std::string_view request_id) const {
  if (!disk_.enabled())
    return;
  auto out = json_writer{};
  out.object().member("removed", request_id).end_object();
  disk_.append(lines_file("request-queues", id), out.take() + '\n');
}

void archive::load_requests(
  const std::string& id,
  const std::function<void(const json_value&, std::int64_t)>& put,
  const std::function<void(const std::string&)>& removed) const {
  const auto read = [&](std::string_view text) {
    auto line = json_document{};
    if (!parse_json(text, line))
      return;
    if (const auto* request = find_member(line, "request"))
      put(*request, static_cast<std::int64_t>(number_member(line, "order")));
    else
      removed(string_member(line, "removed"));
  };
  each_line(disk_.read_lines(lines_file("request-queues", id)), read);
}

} // namespace orc::emulator
