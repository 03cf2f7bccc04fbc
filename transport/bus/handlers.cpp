#include "transport/bus/handlers.hpp"

#include <map>
#include <mutex>

namespace orc::bus {

namespace {

struct registry {
  std::mutex mutex;
  std::uint64_t last = 0;
  std::map<std::uint64_t, std::shared_ptr<const connection_events>> known;
};

registry& all() {
  // Never destroyed: threads of the library may outlive main.
  static auto* result = new registry;
  return *result;
}

} // namespace

std::uint64_t handlers::add(connection_events events) {
  auto& in = all();
  std::lock_guard guard{in.mutex};
  in.known.emplace(
    ++in.last, std::make_shared<const connection_events>(std::move(events)));
  return in.last;
}

void handlers::remove(std::uint64_t id) {
  auto& in = all();
  std::lock_guard guard{in.mutex};
  in.known.erase(id);
}

std::shared_ptr<const connection_events> handlers::find(std::uint64_t id) {
  auto& in = all();
  std::lock_guard guard{in.mutex};
  auto i = in.known.find(id);
  return i != in.known.end() ? i->second : nullptr;
}

bus_message read_message(natsMsg& x) {
  bus_message result;
  result.subject = natsMsg_GetSubject(&x);
  if (const auto* reply = natsMsg_GetReply(&x))
    result.reply = reply;
  if (auto size = natsMsg_GetDataLength(&x); size > 0)
    result.data = json_text{
      std::string{natsMsg_GetData(&x), static_cast<std::size_t>(size)}};
  const char** names = nullptr;
  int count = 0;
  if (natsMsgHeader_Keys(&x, &names, &count) != NATS_OK)
    return result;
  for (int i = 0; i < count; ++i) {
    const char* value = nullptr;
    if (natsMsgHeader_Get(&x, names[i], &value) == NATS_OK && value)
      result.headers.push_back({names[i], value});
  }
  free(names);
  return result;
}

} // namespace orc::bus
