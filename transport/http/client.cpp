#include "transport/http/client.hpp"

#include "transport/asio/runtime.hpp"
#include "transport/http/client_pool.hpp"
#include "transport/http/request_head.hpp"
#include "transport/http/tls.hpp"

#include <boost/asio/post.hpp>

#include <map>
#include <utility>

namespace orc::http {

namespace asio = net::asio;

using namespace std::chrono_literals;

/// The pools of a client, on its strand.
struct client::impl : std::enable_shared_from_this<client::impl> {
  impl(io_runtime& runtime, client_options what)
    : strand{asio::make_strand(runtime.context())}, options{std::move(what)},
      sweep_timer{strand} {
    // nop
  }

  void submit(call_ptr what);
  client_pool* pool_of(const url& to, std::string& error);
  void sweep_later();
  void sweep();
  void stop();

  net::strand strand;
  client_options options;
  net::timer sweep_timer;
  std::shared_ptr<asio::ssl::context> tls;
  std::map<std::string, std::shared_ptr<client_pool>> pools;
  bool sweeping = false;
  bool stopped = false;
};

void client::impl::submit(call_ptr what) {
  if (stopped)
    return what->finish(send_error{failure::stopped, "the client was stopped"});
  what->head = render_request_head(what->request);
  if (what->head.empty())
    return what->finish(send_error{
      failure::not_sent, "the method, the host or the target of a request is "
                         "empty or has characters that cannot be sent"});
  std::string error;
  auto pool = pool_of(what->request.url, error);
  if (!pool)
    return what->finish(send_error{failure::not_sent, std::move(error)});
  sweep_later();
  pool->submit(std::move(what));
}

client_pool* client::impl::pool_of(const url& to, std::string& error) {
  auto secure = to.scheme == "https";
  if (secure && !tls)
    tls = make_tls_context(options.ca_file, error);
  if (secure && !tls)
    return nullptr;
  auto& result = pools[to.scheme + "://" + to.authority()];
  if (!result)
    result = std::make_shared<client_pool>(strand, options, to,
                                           secure ? tls : nullptr);
  return result.get();
}

void client::impl::sweep_later() {
  if (std::exchange(sweeping, true))
    return;
  sweep_timer.expires_after(1s);
  sweep_timer.async_wait([weak = weak_from_this()](net::error_code ec) {
    auto self = weak.lock();
    if (!self || ec)
      return;
    self->sweeping = false;
    self->sweep();
  });
}

void client::impl::sweep() {
  auto now = net::clock::now();
  for (auto& [name, pool] : pools)
    pool->expire(now);
  std::erase_if(pools, [](const auto& x) { return x.second->is_unused(); });
  if (!pools.empty())
    sweep_later();
}

void client::impl::stop() {
  stopped = true;
  sweep_timer.cancel();
  for (auto& [name, pool] : std::exchange(pools, {}))
    pool->stop();
}

client::client(io_runtime& runtime, client_options options)
  : impl_{std::make_shared<impl>(runtime, std::move(options))} {
  // nop
}

client::~client() {
  stop();
}

void client::send(outgoing request, callback done) {
  auto what = std::make_shared<call>(impl_->strand, std::move(request),
                                     std::move(done));
  // Not dispatch: the callback must never run inside this function.
  asio::post(impl_->strand, [impl = impl_, what = std::move(what)]() mutable {
    impl->submit(std::move(what));
  });
}

void client::stop() {
  asio::post(impl_->strand, [impl = impl_] { impl->stop(); });
}

} // namespace orc::http
