// What BATCHES does with all runs of a batch that are in some states.

#include "actors/batch/batches.hpp"

#include <utility>

namespace orc {

namespace {

constexpr std::uint32_t page_size = 1000;

} // namespace

void batches_state::go_on(const std::shared_ptr<sweep>& work) {
  list_runs page;
  page.space = work->ref.space;
  page.batch = work->ref.name;
  page.states = work->states;
  page.limit = page_size;
  page.cursor = work->cursor;
  self_->request(parts_.runs, caf::infinite, page)
    .then(
      [this, work](record_page& x) {
        work->cursor = x.next_cursor;
        work->step(std::move(x.records),
                   [this, work](const caf::expected<std::uint64_t>& done) {
                     if (!done)
                       return work->finish(done.error());
                     work->done += *done;
                     if (work->cursor.empty())
                       work->finish(work->done);
                     else
                       go_on(work);
                   });
      },
      [work](caf::error& err) { work->finish(std::move(err)); });
}

void batches_state::abort_page(
  bool gracefully, const std::vector<run_record>& page,
  std::function<void(caf::expected<std::uint64_t>)> f) {
  if (page.empty())
    return f(std::uint64_t{0});
  abort_runs request;
  request.space = page.front().view.space;
  request.gracefully = gracefully;
  for (const auto& x : page)
    request.names.push_back(x.view.name);
  self_->request(parts_.orchestrator, caf::infinite, std::move(request))
    .then([f](const aborted_runs& x) { f(x.count); },
          [f](caf::error& err) { f(std::move(err)); });
}

void batches_state::sweep_abort(
  const run_ref& ref, std::vector<run_state> states, bool gracefully,
  std::function<void(caf::expected<std::uint64_t>)> f) {
  auto work = std::make_shared<sweep>();
  work->ref = ref;
  work->states = std::move(states);
  work->step
    = [this, gracefully](const std::vector<run_record>& page, auto done) {
        abort_page(gracefully, page, std::move(done));
      };
  work->finish = std::move(f);
  go_on(work);
}

} // namespace orc
