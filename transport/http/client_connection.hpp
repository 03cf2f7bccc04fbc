#pragma once

#include "transport/asio/net.hpp"
#include "transport/http/client.hpp"
#include "transport/http/client_stream.hpp"
#include "transport/http/message_parser.hpp"

#include <list>
#include <memory>
#include <string>

namespace orc::http {

class client_connection;
class client_pool;

/// A request on its way, from `client::send` until its callback is called.
struct call {
  call(net::strand strand, outgoing what, client::callback callback);

  /// Calls the callback, unless that was done before.
  void finish(client::result result);

  outgoing request;
  client::callback done;
  net::timer deadline;
  /// What goes before the body.
  std::string head;
  /// Its place in line while it waits, then the connection that took it.
  bool waiting = false;
  std::list<std::shared_ptr<call>>::iterator place;
  std::weak_ptr<client_connection> carrier;
};

using call_ptr = std::shared_ptr<call>;

/// One connection of a client.
///
///     connecting --> idle <--> busy --> closed
class client_connection
  : public std::enable_shared_from_this<client_connection> {
public:
  client_connection(std::weak_ptr<client_pool> pool, net::strand strand,
                    std::shared_ptr<net::asio::ssl::context> tls,
                    std::chrono::seconds keep_alive);

  /// Fails with `client_pool::on_connect_failed` after `timeout`, which counts
  /// from now: looking up the name is part of it.
  void start_timer(std::chrono::milliseconds timeout);

  void connect(const client_stream::endpoints& to, const std::string& host);

  void connect_failed(const std::string& why);

  /// @pre idle
  void send(call_ptr what);

  /// Fails the request that is under way, and closes.
  void fail(send_error why);

  /// Closes an idle or a connecting connection.
  void close();

  /// @returns whether a request may be sent: the peer holds its end open, and
  ///          has not announced to close it by now.
  bool is_usable();

  /// How long it may stay idle.
  net::clock::time_point idle_until() const noexcept {
    return idle_until_;
  }

private:
  void on_established();
  void on_written(net::error_code ec, std::size_t n);
  void read();
  void on_read(net::error_code ec, std::size_t n);
  void on_read_error(net::error_code ec);
  void parse();
  void on_answer();
  bool pass_on();
  void go_on(const call_ptr& what);
  void lose(const std::string& why);

  std::weak_ptr<client_pool> pool_;
  client_stream stream_;
  std::chrono::seconds keep_alive_;
  net::timer timer_;
  call_ptr call_;
  message_parser parser_;
  std::string input_;
  std::unique_ptr<char[]> buffer_;
  net::clock::time_point idle_until_{};
  std::string write_error_;
  bool established_ = false;
  bool reused_ = false;
  bool written_ = false;
  /// The head of the answer is with the sink.
  bool head_passed_ = false;
  bool closed_ = false;
};

} // namespace orc::http
