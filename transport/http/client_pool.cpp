#include "transport/http/client_pool.hpp"

#include "transport/http/public_address.hpp"
#include "transport/http/request_head.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <utility>

namespace orc::http {

namespace asio = net::asio;

using namespace std::chrono_literals;

namespace {

/// How long the addresses of a name are believed: as long as a burst of
/// connections takes, so that it looks up the name once.
constexpr auto resolved_for = 10s;

} // namespace

client_pool::client_pool(net::strand strand, const client_options& options,
                         url origin, std::shared_ptr<asio::ssl::context> tls)
  : strand_{strand}, options_{options}, origin_{std::move(origin)},
    tls_{std::move(tls)}, resolver_{strand} {
  net::error_code ec;
  auto address = asio::ip::make_address(origin_.host, ec);
  if (ec)
    return;
  endpoints_.emplace_back(address, origin_.port);
  drop_private();
  resolved_until_ = net::clock::time_point::max();
}

// -- requests ---------------------------------------------------------------

void client_pool::submit(call_ptr what) {
  watch(what);
  what->waiting = true;
  what->place = waiting_.insert(waiting_.end(), what);
  pump();
}

void client_pool::submit_first(call_ptr what) {
  what->waiting = true;
  what->place = waiting_.insert(waiting_.begin(), what);
  pump();
}

void client_pool::watch(const call_ptr& what) {
  what->deadline.expires_after(what->request.timeout);
  what->deadline.async_wait(
    [what, pool = weak_from_this()](net::error_code ec) {
      if (auto self = pool.lock(); self && !ec && what->done)
        self->on_timeout(what);
    });
}

void client_pool::on_timeout(const call_ptr& what) {
  auto after
    = " within " + std::to_string(what->request.timeout.count()) + " ms";
  auto name = describe(what->request);
  if (!what->waiting) {
    if (auto carrier = what->carrier.lock())
      carrier->fail({failure::answer_lost, name + ": no answer" + after});
    return;
  }
  waiting_.erase(what->place);
  what->finish(
    send_error{failure::not_sent, name + ": no free connection" + after});
}

void client_pool::pump() {
  while (!waiting_.empty()) {
    auto free = take_idle();
    if (!free)
      break;
    // Those that were of no use are closed meanwhile, which ends here as well.
    on_idle(free);
  }
  while (connecting_ < waiting_.size()
         && connections_.size() < options_.max_connections)
    open();
}

client_pool::connection_ptr client_pool::take_idle() {
  while (!idle_.empty()) {
    auto last = std::move(idle_.back());
    idle_.pop_back();
    if (last->is_usable())
      return last;
    last->close();
  }
  return nullptr;
}

call_ptr client_pool::take_first() {
  auto result = std::move(waiting_.front());
  waiting_.pop_front();
  result->waiting = false;
  return result;
}

void client_pool::use(const connection_ptr& which) {
  which->send(take_first());
}

void client_pool::expire(net::clock::time_point now) {
  while (!idle_.empty() && idle_.front()->idle_until() <= now) {
    auto oldest = std::move(idle_.front());
    idle_.pop_front();
    oldest->close();
  }
}

void client_pool::stop() {
  auto self = shared_from_this();
  send_error why{failure::stopped, "the client was stopped"};
  for (auto& x : std::exchange(waiting_, {}))
    x->finish(why);
  idle_.clear();
  resolver_.cancel();
  // Each takes itself out of the set.
  for (auto& x : std::exchange(connections_, {}))
    x->fail(why);
}

// -- connections ------------------------------------------------------------

void client_pool::open() {
  auto added = std::make_shared<client_connection>(weak_from_this(), strand_,
                                                   tls_, options_.keep_alive);
  connections_.insert(added);
  ++connecting_;
  added->start_timer(options_.connect_timeout);
  if (net::clock::now() < resolved_until_)
    return connect(added);
  unresolved_.push_back(added);
  if (unresolved_.size() == 1)
    resolve();
}

void client_pool::resolve() {
  resolver_.async_resolve(
    origin_.host, std::to_string(origin_.port),
    [pool = weak_from_this()](net::error_code ec,
                              const resolver::results_type& found) {
      if (auto self = pool.lock())
        self->on_resolved(ec, found);
    });
}

void client_pool::on_resolved(net::error_code ec,
                              const resolver::results_type& found) {
  auto asked = std::exchange(unresolved_, {});
  if (!ec) {
    endpoints_.assign(found.begin(), found.end());
    drop_private();
    resolved_until_ = net::clock::now() + resolved_for;
  }
  for (auto& x : asked) {
    if (ec)
      x->connect_failed("look up the name: " + ec.message());
    else
      connect(x);
  }
}

void client_pool::drop_private() {
  if (options_.public_only)
    std::erase_if(endpoints_, [](const auto& x) {
      return !is_public_address(x.address().to_string());
    });
}

void client_pool::connect(const connection_ptr& which) {
  if (endpoints_.empty())
    which->connect_failed("only addresses of the public Internet are allowed");
  else
    which->connect(endpoints_, origin_.host);
}

void client_pool::on_connected(const connection_ptr& which) {
  --connecting_;
  on_idle(which);
}

void client_pool::on_connect_failed(const connection_ptr& which,
                                    const std::string& why) {
  --connecting_;
  connections_.erase(which);
  if (!waiting_.empty()) {
    take_first()->finish(send_error{
      failure::not_sent, "connect to " + origin_.authority() + ": " + why});
  }
  pump();
}

void client_pool::on_idle(const connection_ptr& which) {
  if (waiting_.empty())
    idle_.push_back(which);
  else
    use(which);
}

void client_pool::on_closed(const connection_ptr& which) {
  connections_.erase(which);
  pump();
}

} // namespace orc::http
