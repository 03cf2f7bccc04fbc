#include "emulator/storage/key_value_store.hpp"

#include "emulator/api/context.hpp"

#include <algorithm>

namespace orc::emulator {

void key_value_store::put(std::string_view key, stored_record record) {
  restore(std::string{key}, std::move(record));
  ++writes_;
  info_.change();
}

void key_value_store::restore(std::string key, stored_record record) {
  auto& place = records_[std::move(key)];
  bytes_ += record.body.size();
  bytes_ -= place.body.size();
  place = std::move(record);
}

const stored_record* key_value_store::find(std::string_view key) const {
  const auto i = records_.find(key);
  return i == records_.end() ? nullptr : &i->second;
}

bool key_value_store::remove(std::string_view key) {
  ++deletes_;
  const auto i = records_.find(key);
  if (i == records_.end())
    return false;
  bytes_ -= i->second.body.size();
  records_.erase(i);
  info_.change();
  return true;
}

key_page key_value_store::keys(const key_query& query) {
  ++lists_;
  info_.touch();
  auto result = key_page{};
  auto i = query.exclusive_start_key < query.prefix
             ? records_.lower_bound(query.prefix)
             : records_.upper_bound(query.exclusive_start_key);
  for (; i != records_.end(); ++i) {
    if (i->first.compare(0, query.prefix.size(), query.prefix) != 0)
      break;
    if (static_cast<std::int64_t>(result.keys_and_sizes.size())
        == query.limit) {
      result.is_truncated = true;
      break;
    }
    result.keys_and_sizes.emplace_back(i->first, i->second.body.size());
  }
  return result;
}

void key_value_store::write(json_writer& out) const {
  out.object();
  write_info(out, info_, "key-value-stores");
  out.key("schema").null();
  out.key("stats").object();
  out.member("readCount", reads_).member("writeCount", writes_);
  out.member("deleteCount", deletes_).member("listCount", lists_);
  out.member("storageBytes", bytes_);
  out.end_object().end_object();
}

void check_record_key(std::string_view key) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9')
           || std::string_view{"!-_.'()"}.find(c) != std::string_view::npos;
  };
  if (!key.empty() && key.size() <= 256
      && std::all_of(key.begin(), key.end(), is_allowed))
    return;
  throw api_error{400, "invalid-record-key",
                  "Record key \"" + std::string{key.substr(0, 300)}
                    + "\" is not valid: it must be 1 to 256 characters of "
                      "a-z, A-Z, 0-9 and !-_.'()"};
}

} // namespace orc::emulator
