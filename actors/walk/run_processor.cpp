#include "actors/walk/run_processor.hpp"

#include "actors/splitter/item_template.hpp"
#include "actors/walk/failure.hpp"
#include "messages/validate.hpp"
#include "messages/walk/page_words.hpp"

#include <caf/typed_response_promise.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

caf::expected<item_template> input_template(const walk_processor& how) {
  return item_template::parse(how.input.view(), "processor.input");
}

page_result to_result(const run& x) {
  if (x.state != run_state::finished)
    return failure(page_end::failed,
                   "the run is not done in its time; it goes "
                   "on, and the next attempt joins it",
                   "timeout");
  if (succeeded(x))
    return {};
  auto status = x.status ? std::string{name_of(*x.status)}
                         : std::string{name_of(x.state)};
  return failure(page_end::failed,
                 x.error ? x.error->message : "the run ended " + status,
                 status);
}

page_result to_result(const caf::error& x) {
  switch (code_of(x)) {
    case ec::stopping:
      return failure(page_end::stopped, message_of(x));
    case ec::bad_field:
    case ec::input_too_large:
    case ec::name_conflict:
    case ec::unknown_account:
      return failure(page_end::hopeless, message_of(x), type_of(x));
    default:
      return failure(page_end::failed, message_of(x), type_of(x));
  }
}

} // namespace

page_processor_actor::behavior_type
run_processor_state::make_behavior(orchestrator_actor orchestrator,
                                   walk_processor how) {
  orchestrator_ = std::move(orchestrator);
  how_ = std::move(how);
  return {
    [this](const process_page& x) { return process(x); },
    [](const tell_progress&) {
      return failure(page_end::hopeless, "a run is no tracker");
    },
    [](const stop_pages&) {
      // Runs go on, on the platform: the same batch again joins them.
    },
  };
}

caf::result<page_result> run_processor_state::process(const process_page& x) {
  auto request = make_run(x);
  if (!request)
    return to_result(request.error());
  auto promise = self_->make_response_promise<page_result>();
  auto fail = [promise](const caf::error& err) mutable {
    promise.deliver(to_result(err));
  };
  submit_runs question;
  question.runs.push_back(std::move(*request));
  question.retry_failed = x.attempt > 1;
  self_->request(orchestrator_, caf::infinite, std::move(question))
    .then(
      [this, promise, fail, wait = x.timeout](const submitted_runs& done) {
        const auto& run = done.runs.front().run;
        self_
          ->request(orchestrator_, caf::infinite,
                    wait_run{{run.space, run.name}, wait})
          .then(
            [promise](const orc::run& end) mutable {
              promise.deliver(to_result(end));
            },
            fail);
      },
      fail);
  return promise;
}

caf::expected<run_request>
run_processor_state::make_run(const process_page& x) const {
  auto input = make_input(x);
  if (!input)
    return std::move(input.error());
  run_request result;
  result.name = fmt::format("{}/page-{}", x.batch, x.page);
  // Items that failed are another run: the page as a whole is done.
  if (!x.only.empty())
    result.name += fmt::format("/again-{}", x.attempt);
  result.batch = x.batch;
  result.actor = how_.actor;
  result.task = how_.task;
  result.input = json_text{std::move(*input)};
  result.options = how_.options;
  result.account = how_.account;
  result.priority = static_cast<std::int32_t>(how_.priority);
  if (auto err = validate(result, "processor"))
    return err;
  return result;
}

caf::expected<std::string>
run_processor_state::make_input(const process_page& x) const {
  if (how_.input.empty())
    return render_page(x);
  auto form = input_template(how_);
  if (!form)
    return std::move(form.error());
  auto result = std::string{form->head()};
  auto is_first = true;
  for (auto lines = x.items.view(); !lines.empty();) {
    auto end = std::min(lines.find('\n'), lines.size());
    auto mapped = form->map(lines.substr(0, end));
    if (!mapped)
      return std::move(mapped.error());
    if (!std::exchange(is_first, false))
      result.append(form->separator());
    result.append(*mapped);
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return result.append(form->tail());
}

caf::error check_run_input(const walk_processor& how) {
  if (how.kind != processor_kind::run || how.input.empty())
    return {};
  auto form = input_template(how);
  return form ? caf::error{} : std::move(form.error());
}

page_processor_actor::behavior_type
run_processor(page_processor_actor::stateful_pointer<run_processor_state> self,
              orchestrator_actor orchestrator, walk_processor how) {
  return self->state.make_behavior(std::move(orchestrator), std::move(how));
}

} // namespace orc
