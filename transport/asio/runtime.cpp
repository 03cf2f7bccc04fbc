#include "transport/asio/runtime.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

namespace orc {

namespace asio = boost::asio;

struct io_runtime::impl {
  explicit impl(std::size_t size) : context(static_cast<int>(size)) {
    // nop
  }

  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work{
    context.get_executor()};
  std::vector<std::jthread> threads;
};

io_runtime::io_runtime(std::size_t threads)
  : impl_{std::make_unique<impl>(threads)} {
  for (std::size_t i = 0; i < threads; ++i)
    impl_->threads.emplace_back(
      [context = &impl_->context] { context->run(); });
}

io_runtime::~io_runtime() {
  stop();
}

void io_runtime::post(std::function<void()> task) {
  asio::post(impl_->context, std::move(task));
}

void io_runtime::stop() {
  impl_->work.reset();
  impl_->context.stop();
  impl_->threads.clear();
}

asio::io_context& io_runtime::context() noexcept {
  return impl_->context;
}

/// Each `start` and `cancel` begins a new round. A wait that has ended already,
/// but whose handler still stands in line, belongs to a past round.
struct io_timer::impl {
  explicit impl(asio::io_context& context) : timer{context} {
    // nop
  }

  ~impl() {
    ++*round;
  }

  asio::steady_timer timer;
  std::shared_ptr<std::atomic<std::uint64_t>> round
    = std::make_shared<std::atomic<std::uint64_t>>(0);
};

io_timer::io_timer(io_runtime& runtime)
  : impl_{std::make_unique<impl>(runtime.context())} {
  // nop
}

io_timer::~io_timer() = default;

io_timer::io_timer(io_timer&&) noexcept = default;

io_timer& io_timer::operator=(io_timer&&) noexcept = default;

void io_timer::start(std::chrono::milliseconds delay,
                     std::function<void()> task) {
  impl_->timer.expires_after(delay);
  auto round = impl_->round;
  impl_->timer.async_wait([task = std::move(task), round, mine = ++*round](
                            const boost::system::error_code& ec) {
    if (!ec && *round == mine)
      task();
  });
}

void io_timer::cancel() {
  ++*impl_->round;
  impl_->timer.cancel();
}

} // namespace orc
