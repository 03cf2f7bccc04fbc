#include "transport/http/output_queue.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace orc::http {

namespace asio = net::asio;

void output_queue::push(std::string head, std::string body, callback done) {
  items_.push_back({std::move(head), std::move(body), std::move(done)});
}

output_queue::status output_queue::flush() {
  if (flushing_)
    return status::busy;
  flushing_ = true;
  net::error_code ec;
  while (!empty() && !ec)
    ec = write_some();
  flushing_ = false;
  if (!ec)
    return status::drained;
  return ec == asio::error::would_block || ec == asio::error::try_again
           ? status::blocked
           : status::failed;
}

net::error_code output_queue::write_some() {
  constexpr std::size_t max_buffers = 32;
  std::array<asio::const_buffer, max_buffers> buffers;
  std::size_t used = 0;
  auto skip = offset_;
  for (auto i = first_; i < items_.size() && used + 2 <= max_buffers; ++i) {
    for (const auto* text : {&items_[i].head, &items_[i].body}) {
      auto skipped = std::min(skip, text->size());
      skip -= skipped;
      if (skipped < text->size())
        buffers[used++] = asio::buffer(*text) + skipped;
    }
  }
  net::error_code ec;
  std::size_t n = 0;
  if (used > 0)
    n = socket_.write_some(std::span{buffers.data(), used}, ec);
  if (!ec)
    consume(n);
  return ec;
}

void output_queue::consume(std::size_t n) {
  n += offset_;
  offset_ = 0;
  while (!empty()) {
    auto size = items_[first_].head.size() + items_[first_].body.size();
    if (n < size) {
      offset_ = n;
      return;
    }
    n -= size;
    if (auto done = pop().done)
      done(true);
  }
}

output_queue::item output_queue::pop() {
  auto result = std::move(items_[first_++]);
  if (empty()) {
    items_.clear();
    first_ = 0;
  }
  return result;
}

void output_queue::abandon() {
  offset_ = 0;
  while (!empty())
    if (auto done = pop().done)
      done(false);
}

} // namespace orc::http
