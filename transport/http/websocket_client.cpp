#include "transport/http/websocket_client.hpp"

#include "transport/asio/runtime.hpp"
#include "transport/http/tls.hpp"
#include "transport/http/websocket_link.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace orc::http {

namespace asio = net::asio;

struct websocket_client::impl {
  net::strand strand;
  std::shared_ptr<websocket_link> link;
};

std::optional<url> parse_websocket_url(std::string_view text) {
  if (!text.starts_with("ws://") && !text.starts_with("wss://"))
    return std::nullopt;
  return parse_url("http" + std::string{text.substr(2)});
}

websocket_client::websocket_client(io_runtime& runtime, url to,
                                   websocket_client_options options,
                                   websocket_client_callbacks callbacks)
  : impl_{std::make_shared<impl>(
    impl{asio::make_strand(runtime.context()), nullptr})} {
  std::string problem;
  std::shared_ptr<asio::ssl::context> tls;
  auto secure = to.scheme == "https";
  if (secure)
    tls = make_tls_context(options.ca_file, problem);
  impl_->link = std::make_shared<websocket_link>(impl_->strand, std::move(to),
                                                 std::move(options),
                                                 std::move(callbacks), tls);
  asio::post(impl_->strand, [link = impl_->link, usable = !secure || tls] {
    usable ? link->connect() : link->end(1006);
  });
}

websocket_client::~websocket_client() {
  asio::dispatch(impl_->strand, [link = impl_->link] { link->drop(); });
}

} // namespace orc::http
