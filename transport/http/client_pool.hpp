#pragma once

#include "transport/asio/net.hpp"
#include "transport/http/client_connection.hpp"

#include <boost/asio/ip/basic_resolver.hpp>

#include <deque>
#include <list>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace orc::http {

/// The connections to one origin, and the requests that wait for one. All of it
/// lives on the client's strand.
///
/// A connection is opened for each request in line, up to the limit; whichever
/// is free first takes the first request. The connection that was used last is
/// used next, so that those that are not needed grow old and are closed.
class client_pool : public std::enable_shared_from_this<client_pool> {
public:
  client_pool(net::strand strand, const client_options& options, url origin,
              std::shared_ptr<net::asio::ssl::context> tls);

  /// Puts a request in line.
  void submit(call_ptr what);

  /// Puts a request at the head of the line: one whose connection broke.
  void submit_first(call_ptr what);

  /// Closes what was idle for too long.
  void expire(net::clock::time_point now);

  /// Fails all with `failure::stopped`.
  void stop();

  /// @returns whether nothing is going on.
  bool is_unused() const noexcept {
    return connections_.empty() && waiting_.empty();
  }

  // -- what connections call ------------------------------------------------

  using connection_ptr = std::shared_ptr<client_connection>;

  void on_connected(const connection_ptr& which);
  void on_connect_failed(const connection_ptr& which, const std::string& why);
  void on_idle(const connection_ptr& which);
  void on_closed(const connection_ptr& which);

private:
  using resolver = net::asio::ip::basic_resolver<net::tcp, net::strand>;

  void watch(const call_ptr& what);
  void on_timeout(const call_ptr& what);
  void pump();
  call_ptr take_first();
  connection_ptr take_idle();
  void open();
  void resolve();
  void on_resolved(net::error_code ec, const resolver::results_type& found);
  void drop_private();
  void connect(const connection_ptr& which);
  void use(const connection_ptr& which);

  net::strand strand_;
  client_options options_;
  url origin_;
  std::shared_ptr<net::asio::ssl::context> tls_;
  std::unordered_set<connection_ptr> connections_;
  std::deque<connection_ptr> idle_;
  std::list<call_ptr> waiting_;
  std::size_t connecting_ = 0;
  resolver resolver_;
  client_stream::endpoints endpoints_;
  net::clock::time_point resolved_until_{};
  std::vector<connection_ptr> unresolved_;
};

} // namespace orc::http
