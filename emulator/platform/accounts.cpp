#include "emulator/platform/accounts.hpp"

#include "emulator/api/ids.hpp"

#include <algorithm>

namespace orc::emulator {

const user&
account_book::add(std::string name, std::string token,
                  std::int64_t memory_mbytes, std::int64_t max_runs) {
  auto i = std::find_if(users_.begin(), users_.end(),
                        [&name](const auto& x) { return x->name == name; });
  if (i == users_.end())
    i = users_.insert(users_.end(), std::make_unique<user>());
  auto& entry = **i;
  by_token_.erase(entry.token);
  entry = {stable_id("user " + name), std::move(name), std::move(token),
           memory_mbytes, max_runs};
  by_token_[entry.token] = &entry;
  return entry;
}

const user* account_book::by_token(std::string_view token) const {
  const auto i = by_token_.find(std::string{token});
  return i == by_token_.end() ? nullptr : i->second;
}

const user* account_book::find(std::string_view name) const {
  for (const auto& x : users_)
    if (x->name == name || x->id == name)
      return x.get();
  return nullptr;
}

void account_book::reserve(const user& who, std::int64_t memory_mbytes) {
  auto& used = usage_[&who];
  if (used.memory_mbytes + memory_mbytes > who.memory_mbytes)
    throw api_error{
      402, "actor-memory-limit-exceeded",
      "By launching this job you will exceed the memory limit of "
        + std::to_string(who.memory_mbytes)
        + "MB for all your Actor runs and builds (currently used: "
        + std::to_string(used.memory_mbytes)
        + "MB, requested: " + std::to_string(memory_mbytes)
        + "MB). Please consider an upgrade to a higher plan."};
  if (used.runs >= who.max_runs)
    throw api_error{402, "concurrent-runs-limit-exceeded",
                    "By launching this job you will exceed your limit of "
                      + std::to_string(who.max_runs)
                      + " concurrent Actor runs."};
  take(who, memory_mbytes);
}

void account_book::take(const user& who, std::int64_t memory_mbytes) {
  auto& used = usage_[&who];
  used.memory_mbytes += memory_mbytes;
  ++used.runs;
  used.peak_memory_mbytes
    = std::max(used.peak_memory_mbytes, used.memory_mbytes);
  used.peak_runs = std::max(used.peak_runs, used.runs);
}

void account_book::release(const user& who, std::int64_t memory_mbytes) {
  auto& used = usage_[&who];
  used.memory_mbytes -= memory_mbytes;
  --used.runs;
}

account_usage& account_book::usage_of(const user& who) {
  return usage_[&who];
}

void account_book::reset_usage() {
  usage_.clear();
}

} // namespace orc::emulator
