#include "app/client/http_call.hpp"

#include <future>
#include <memory>

namespace orc::app {

http::client::result call(http::client& client, http::outgoing request) {
  auto answer = std::make_shared<std::promise<http::client::result>>();
  auto result = answer->get_future();
  client.send(std::move(request), [answer](http::client::result x) {
    answer->set_value(std::move(x));
  });
  return result.get();
}

} // namespace orc::app
