#pragma once

#include "messages/base/secret.hpp"
#include "messages/pool/work_queue.hpp"
#include "transport/http/client.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

namespace orc {

/// An answer of another service, on its way from the thread of sockets.
struct remote_answer {
  std::uint64_t number = 0;
  http::client::result result;
};

} // namespace orc

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::remote_answer)

namespace orc {

/// Where another service is.
struct remote_service {
  /// Such as `http://127.0.0.1:8484`.
  std::string url;
  secret token;
};

using remote_tasks_self
  = work_queue_actor::extend<caf::reacts_to<remote_answer>>;

/// The tasks of another service, as a WORK QUEUE: asks it over HTTP, each
/// question once.
class remote_tasks_state {
public:
  static inline const char* name = "remote-tasks";

  explicit remote_tasks_state(remote_tasks_self::pointer self);

  remote_tasks_self::behavior_type
  make_behavior(std::shared_ptr<http::client> client, remote_service where);

private:
  using handler = std::function<void(caf::expected<std::string>)>;

  template <class Response>
  caf::result<Response>
  ask(std::string method, const std::string& target, std::string body,
      std::chrono::milliseconds patience = {});

  void send(std::string method, const std::string& target, std::string body,
            std::chrono::milliseconds patience, handler f);
  void answer(const remote_answer& x);

  remote_tasks_self::pointer self_;
  std::shared_ptr<http::client> client_;
  remote_service where_;
  std::unordered_map<std::uint64_t, handler> calls_;
  std::uint64_t last_ = 0;
};

/// Starts one. The runtime of its client must outlive it.
remote_tasks_self::behavior_type
remote_tasks(remote_tasks_self::stateful_pointer<remote_tasks_state> self,
             std::shared_ptr<http::client> client, remote_service where);

} // namespace orc
