#include "actors/walk/class_processor.hpp"

#include <caf/send.hpp>
#include <caf/typed_response_promise.hpp>

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <utility>

namespace orc {

namespace {

page_result to_result(page_outcome x) {
  page_result result;
  switch (x.how) {
    case page_outcome::end::done:
      result.end = page_end::done;
      break;
    case page_outcome::end::retry:
      result.end = page_end::retry;
      break;
    case page_outcome::end::failed:
      result.end = page_end::failed;
      break;
    case page_outcome::end::hopeless:
      result.end = page_end::hopeless;
      break;
  }
  result.error = std::move(x.error);
  if (!x.type.empty())
    result.types.push_back(std::move(x.type));
  result.count = x.items;
  return result;
}

template <class F>
page_result guarded(F f) {
  page_result result;
  result.end = page_end::failed;
  try {
    return f();
  } catch (const std::exception& problem) {
    result.error = problem.what();
    result.types.emplace_back(typeid(problem).name());
  } catch (...) {
    result.error = "an exception of an unknown type";
  }
  return result;
}

/// What a class may say while it has a page, and not after that.
class page_words_of_class {
public:
  explicit page_words_of_class(const process_page& x)
    : next_{x.next}, page_{x.page}, attempt_{x.attempt}, is_fed_{
                                                           !x.items.empty()} {
    // nop
  }

  void enqueue(std::string cursor) const {
    check("enqueue_next_page");
    if (is_fed_)
      throw std::logic_error{
        "enqueue_next_page: the source of the batch says where pages begin; a "
        "class does with \"source\":{\"kind\":\"processor\"}"};
    caf::anon_send(next_, next_page{page_, attempt_, std::move(cursor), 0});
  }

  void fail(std::uint64_t item, std::string error) {
    check("fail_item");
    failures_.push_back({item, std::move(error)});
  }

  /// @returns the items that failed; nothing may be said any more.
  std::vector<item_failure> close() {
    is_over_ = true;
    return std::move(failures_);
  }

private:
  void check(const char* verb) const {
    if (is_over_)
      throw std::logic_error{std::string{verb}
                             + ": the page is over; a page_call is of use only "
                               "until process returns"};
  }

  next_page_sink next_;
  std::uint64_t page_;
  std::uint32_t attempt_;
  bool is_fed_;
  bool is_over_ = false;
  std::vector<item_failure> failures_;
};

page_result process(page_class& with, const process_page& x) {
  auto words = std::make_shared<page_words_of_class>(x);
  page_call call;
  call.batch = x.batch;
  call.page = x.page;
  call.cursor = x.cursor;
  call.size = x.size;
  call.attempt = x.attempt;
  call.args = x.args.view();
  call.items = x.items.view();
  call.count = x.count;
  call.only = x.only.empty() ? nullptr : &x.only;
  call.timeout = x.timeout;
  call.enqueue_next_page
    = [words](std::string cursor) { words->enqueue(std::move(cursor)); };
  call.fail_item = [words](std::uint64_t item, std::string error) {
    words->fail(item, std::move(error));
  };
  auto result = guarded([&] { return to_result(with.process(call)); });
  result.items = words->close();
  return result;
}

/// One thread, with an object of the class.
page_processor_actor::behavior_type
class_worker(page_processor_actor::pointer, page_class_factory make) {
  std::shared_ptr<page_class> with = make();
  return {
    [with](const process_page& x) { return process(*with, x); },
    [with](const tell_progress& x) {
      return guarded([&] { return to_result(with->tell(x.progress.view())); });
    },
    [](const stop_pages&) {
      // Nobody can end what a thread does.
    },
  };
}

} // namespace

class_processor_state::class_processor_state(page_processor_actor::pointer self)
  : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) {
    for (const auto& worker : all_)
      self_->send_exit(worker, x.reason);
    self_->quit(x.reason);
  });
}

page_processor_actor::behavior_type
class_processor_state::make_behavior(page_class_factory make) {
  make_ = std::move(make);
  return {
    [this](const process_page& x) { return pass_on(x); },
    [this](const tell_progress& x) { return pass_on(x); },
    [](const stop_pages&) {
      // A call that goes on is waited for.
    },
  };
}

template <class Request>
caf::result<page_result> class_processor_state::pass_on(const Request& x) {
  if (idle_.empty()) {
    idle_.push_back(self_->spawn<caf::detached>(class_worker, make_));
    all_.push_back(idle_.back());
  }
  auto worker = std::move(idle_.back());
  idle_.pop_back();
  auto promise = self_->make_response_promise<page_result>();
  self_->request(worker, caf::infinite, x)
    .then(
      [this, promise, worker](page_result& result) mutable {
        idle_.push_back(worker);
        promise.deliver(std::move(result));
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
  return promise;
}

page_processor_actor::behavior_type class_processor(
  page_processor_actor::stateful_pointer<class_processor_state> self,
  page_class_factory make) {
  return self->state.make_behavior(std::move(make));
}

} // namespace orc
