#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>

#include <chrono>

/// The types of Boost.Asio as this project uses them. Only for sources and for
/// headers that no other layer includes.
namespace orc::net {

namespace asio = boost::asio;

using asio::ip::tcp;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

/// Everything lives on a strand, hence needs no lock however many threads the
/// runtime has. Naming the type spares the indirections of `any_io_executor`.
using strand = asio::strand<asio::io_context::executor_type>;

using tcp_socket = asio::basic_stream_socket<tcp, strand>;

using timer
  = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, strand>;

} // namespace orc::net
