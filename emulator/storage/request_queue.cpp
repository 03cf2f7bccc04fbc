#include "emulator/storage/request_queue.hpp"

#include "emulator/api/context.hpp"

#include <iterator>
#include <limits>

namespace orc::emulator {

namespace {

std::int64_t millis(moment when) {
  return when.time_since_epoch().count();
}

constexpr auto min_sequence = std::numeric_limits<std::int64_t>::min();

} // namespace

queue_operation request_queue::add(const json_value& request, bool forefront) {
  auto fresh = read_request(request);
  fresh.order = forefront ? -millis(now()) : millis(now());
  auto result = queue_operation{fresh.id, fresh.unique_key, false, false};
  if (const auto i = requests_.find(fresh.id); i != requests_.end()) {
    result.was_already_present = true;
    result.was_already_handled = i->second.handled;
    info_.touch();
    return result;
  }
  put(std::move(fresh));
  return result;
}

queue_operation
request_queue::update(const std::string& id, const json_value& request,
                      bool forefront) {
  auto fresh = read_request(request);
  fresh.order = forefront ? -millis(now()) : millis(now());
  if (fresh.id != id)
    throw api_error{400, "request-id-invalid",
                    "Request ID \"" + id + "\" is not that of the unique key \""
                      + fresh.unique_key + "\", which is \"" + fresh.id
                      + "\"."};
  auto result = queue_operation{id, fresh.unique_key, false, false};
  if (const auto* old = find(id)) {
    result.was_already_present = true;
    result.was_already_handled = old->handled;
  }
  put(std::move(fresh));
  return result;
}

/// Stores a request in place of the one with its id, if any.
void request_queue::put(queued_request request) {
  auto [i, is_new] = requests_.try_emplace(request.id);
  auto& stored = i->second;
  if (!is_new) {
    dequeue(stored);
    handled_ -= stored.handled ? 1 : 0;
    bytes_ -= stored.json.size();
  }
  stored = std::move(request);
  bytes_ += stored.json.size();
  ++writes_;
  info_.change();
  if (stored.handled)
    ++handled_;
  else
    enqueue(stored, stored.order);
}

void request_queue::enqueue(queued_request& request, std::int64_t order) {
  request.order = order;
  // The newest of the front goes first, the newest of the rest last.
  request.sequence = order < 0 ? -next_sequence_ : next_sequence_;
  ++next_sequence_;
  order_.emplace(place{order, request.sequence}, &request);
}

void request_queue::dequeue(const queued_request& request) {
  if (!request.handled)
    order_.erase(place{request.order, request.sequence});
}

const queued_request* request_queue::find(const std::string& id) const {
  const auto i = requests_.find(id);
  return i == requests_.end() ? nullptr : &i->second;
}

bool request_queue::remove(const std::string& id) {
  const auto i = requests_.find(id);
  if (i == requests_.end())
    return false;
  dequeue(i->second);
  handled_ -= i->second.handled ? 1 : 0;
  bytes_ -= i->second.json.size();
  requests_.erase(i);
  ++deletes_;
  info_.change();
  return true;
}

std::vector<const queued_request*>
request_queue::head(std::size_t limit) const {
  auto result = std::vector<const queued_request*>{};
  for (auto i = order_.begin(); i != order_.end() && result.size() < limit; ++i)
    result.push_back(i->second);
  return result;
}

std::vector<const queued_request*>
request_queue::lock_head(std::size_t limit, std::chrono::milliseconds time,
                         const std::string& client) {
  const auto at = now();
  auto chosen = std::vector<queued_request*>{};
  // What is locked lies at either end, further away than any time until now.
  for (auto i = order_.lower_bound(place{-millis(at), min_sequence});
       i != order_.end() && i->first.first <= millis(at)
       && chosen.size() < limit;
       ++i)
    chosen.push_back(i->second);
  for (auto* request : chosen) {
    dequeue(*request);
    request->locked_by = client;
    request->locked_until = at + time;
    const auto end = millis(request->locked_until);
    enqueue(*request, request->order < 0 ? -end : end);
  }
  reads_ += chosen.size();
  info_.touch();
  return {chosen.begin(), chosen.end()};
}

lock_result
request_queue::prolong(const std::string& id, std::chrono::milliseconds time,
                       const std::string& client, bool forefront) {
  const auto i = requests_.find(id);
  if (i == requests_.end() || i->second.handled)
    return lock_result::no_such_request;
  auto& request = i->second;
  const auto at = now();
  if (request.is_locked(at) && request.locked_by != client)
    return lock_result::held_by_another;
  dequeue(request);
  request.locked_by = client;
  request.locked_until = at + time;
  const auto end = millis(request.locked_until);
  enqueue(request, forefront ? -end : end);
  return lock_result::done;
}

lock_result request_queue::unlock(const std::string& id,
                                  const std::string& client, bool forefront) {
  const auto i = requests_.find(id);
  if (i == requests_.end())
    return lock_result::no_such_request;
  auto& request = i->second;
  const auto at = now();
  if (request.handled || !request.is_locked(at))
    return lock_result::done;
  if (request.locked_by != client)
    return lock_result::held_by_another;
  dequeue(request);
  request.locked_until = {};
  enqueue(request, forefront ? -millis(at) : millis(at));
  return lock_result::done;
}

std::size_t request_queue::unlock_all(const std::string& client) {
  auto held = std::vector<std::string>{};
  const auto at = now();
  // What is locked lies at either end of the order.
  const auto look_at = [&](const queued_request& request) {
    if (!request.is_locked(at))
      return false;
    if (request.locked_by == client)
      held.push_back(request.id);
    return true;
  };
  auto i = order_.begin();
  while (i != order_.end() && look_at(*i->second))
    ++i;
  for (auto j = order_.end(); j != i && look_at(*std::prev(j)->second); --j)
    ;
  for (const auto& id : held)
    unlock(id, client, false);
  return held.size();
}

bool request_queue::has_locked() const {
  const auto at = now();
  return !order_.empty()
         && (order_.begin()->second->is_locked(at)
             || order_.rbegin()->second->is_locked(at));
}

void request_queue::note_client(const std::string& client) {
  if (client_ && (client.empty() || *client_ != client))
    had_multiple_clients_ = true;
  client_ = client;
}

void request_queue::write(json_writer& out) const {
  out.object();
  write_info(out, info_, "request-queues");
  out.member("totalRequestCount", requests_.size());
  out.member("handledRequestCount", handled_);
  out.member("pendingRequestCount", order_.size());
  out.member("hadMultipleClients", had_multiple_clients_);
  out.key("stats").object();
  out.member("readCount", reads_).member("writeCount", writes_);
  out.member("deleteCount", deletes_).member("headItemReadCount", reads_);
  out.member("storageBytes", bytes_);
  out.end_object().end_object();
}

void request_queue::restore(const json_value& request, std::int64_t order) {
  auto back = read_request(request);
  back.order = order;
  put(std::move(back));
}

} // namespace orc::emulator
