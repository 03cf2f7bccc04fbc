#pragma once

#include "embedding/client.hpp"
#include "messages/orchestrator.hpp"
#include "messages/walk/walks.hpp"

#include <caf/expected.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace orc {

/// Called once with the answer.
template <class T>
using answer_to = std::function<void(caf::expected<T>)>;

/// What stands behind a client: an orchestrator in this process, or a service
/// elsewhere. Answers as `client` says, in values of ours. Whatever is not
/// answered when it ends need not be: see `sure`.
class client::backend {
public:
  virtual ~backend() = default;

  /// @param runs each the JSON of a run request.
  virtual void
  submit(std::vector<std::string> runs, answer_to<submitted_runs> f)
    = 0;
  virtual void get(run_ref which, answer_to<run> f) = 0;
  virtual void list(list_runs which, answer_to<run_page> f) = 0;
  virtual void
  wait(run_ref which, std::chrono::milliseconds at_most, answer_to<run> f)
    = 0;
  virtual void abort(run_ref which, bool gracefully, answer_to<run> f) = 0;
  virtual void abort_all(std::string space, answer_to<aborted_runs> f) = 0;
  virtual void items(run_ref which, get_items page, answer_to<items_page> f)
    = 0;
  virtual void report(std::string space, answer_to<orc::report> f) = 0;

  /// @param spec JSON.
  virtual void start_batch(std::string spec, answer_to<walk_view> f) = 0;
  virtual void wait_batch(std::string name, std::chrono::milliseconds at_most,
                          answer_to<walk_view> f)
    = 0;
  virtual void list_batches(answer_to<walk_views> f) = 0;
  virtual void change_batch(change_walk how, answer_to<walk_view> f) = 0;

  virtual void on_event(std::function<void(const run_event&)> f) = 0;
  virtual void on_death(std::function<void()> f) = 0;
  virtual caf::expected<std::uint64_t> stop(bool abort_runs) = 0;
};

/// Calls a function with the answer to a request, or, where nobody answers
/// before the last copy of this is gone, with `ec::stopping`.
template <class T>
class sure {
public:
  explicit sure(answer_to<T> f)
    : asked_{std::make_shared<asked>(std::move(f))} {
    // nop
  }

  void operator()(caf::expected<T> x) const {
    asked_->answer(std::move(x));
  }

private:
  struct asked {
    explicit asked(answer_to<T> x) : f{std::move(x)} {
      // nop
    }

    ~asked() {
      answer(make_error(ec::stopping, "the client has ended"));
    }

    asked(const asked&) = delete;
    asked& operator=(const asked&) = delete;

    void answer(caf::expected<T> x) {
      if (auto once = std::exchange(f, nullptr))
        once(std::move(x));
    }

    answer_to<T> f;
  };

  std::shared_ptr<asked> asked_;
};

} // namespace orc
