#include "embedding/client.hpp"

#include "embedding/client/backend.hpp"
#include "embedding/client/backends.hpp"
#include "embedding/client/values.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

/// Passes an answer on in the values of `client`.
template <class T, class F, class Translate>
answer_to<T> translated(F f, Translate translate) {
  sure<T> reply{[f = std::move(f), translate](caf::expected<T> x) {
    if (x)
      f(translate(*x));
    else
      f(problem_of(x.error()));
  }};
  return [reply](caf::expected<T> x) { reply(std::move(x)); };
}

answer_to<run> as_info(client::done<run_info> f) {
  return translated<run>(std::move(f), [](const run& x) { return info_of(x); });
}

answer_to<walk_view> as_batch(client::done<batch_info> f) {
  return translated<walk_view>(std::move(f),
                               [](const walk_view& x) { return info_of(x); });
}

run_list infos_of(const run_page& x) {
  run_list result;
  for (const auto& run : x.items)
    result.runs.push_back(info_of(run));
  result.next = x.next_cursor.value_or("");
  return result;
}

client::batches infos_of(const walk_views& xs) {
  client::batches result;
  for (const auto& x : xs.items)
    result.push_back(info_of(x));
  return result;
}

walk_verb verb_of(batch_verb x) {
  switch (x) {
    case batch_verb::pause:
      return walk_verb::pause;
    case batch_verb::resume:
      return walk_verb::resume;
    case batch_verb::restore:
      return walk_verb::restore_parallelism;
    case batch_verb::redrive:
      return walk_verb::redrive;
    case batch_verb::cancel:
      break;
  }
  return walk_verb::cancel;
}

client::runs infos_of(const submitted_runs& xs) {
  client::runs result;
  for (const auto& x : xs.runs) {
    result.push_back(info_of(x.run));
    result.back().joined = x.joined;
  }
  return result;
}

/// @returns all of them, or what is wrong with the first that makes no sense.
caf::expected<std::vector<std::string>>
requests_of(const std::vector<run_spec>& xs) {
  std::vector<std::string> result;
  for (const auto& x : xs) {
    auto request = request_of(x);
    if (!request)
      return make_error(code_of(request.error()),
                        fmt::format("runs[{}]: {}", result.size(),
                                    message_of(request.error())));
    result.push_back(std::move(*request));
  }
  return result;
}

run_ref ref_of(const run_name& x) {
  return {x.space, x.name};
}

/// @returns a client, or why there is none.
template <class F>
auto made(caf::expected<std::unique_ptr<client::backend>> behind, F make)
  -> outcome<client> {
  if (!behind)
    return problem_of(behind.error());
  return make(std::move(*behind));
}

} // namespace

client::client(std::unique_ptr<backend> behind) : behind_{std::move(behind)} {
  // nop
}

client::~client() = default;

client::client(client&&) noexcept = default;

client& client::operator=(client&&) noexcept = default;

outcome<client> client::start(const client_options& options) {
  return made(embedded_backend(options),
              [](auto behind) { return client{std::move(behind)}; });
}

outcome<client> client::connect(const service_address& where) {
  return made(http_backend(where),
              [](auto behind) { return client{std::move(behind)}; });
}

outcome<std::uint64_t> client::stop(bool abort_runs) {
  auto aborted = behind_->stop(abort_runs);
  if (!aborted)
    return problem_of(aborted.error());
  return *aborted;
}

void client::submit(std::vector<run_spec> requests, done<runs> f) {
  auto made = requests_of(requests);
  if (!made)
    return f(problem_of(made.error()));
  behind_->submit(std::move(*made),
                  translated<submitted_runs>(std::move(f),
                                             [](const submitted_runs& xs) {
                                               return infos_of(xs);
                                             }));
}

void client::get(const run_name& which, done<run_info> f) {
  behind_->get(ref_of(which), as_info(std::move(f)));
}

void client::list(const run_query& which, done<run_list> f) {
  auto question = question_of(which);
  if (!question)
    return f(problem_of(question.error()));
  behind_->list(std::move(*question),
                translated<run_page>(std::move(f), [](const run_page& x) {
                  return infos_of(x);
                }));
}

void client::wait(const run_name& which, std::chrono::milliseconds at_most,
                  done<run_info> f) {
  behind_->wait(ref_of(which), at_most, as_info(std::move(f)));
}

void client::abort(const run_name& which, bool gracefully, done<run_info> f) {
  behind_->abort(ref_of(which), gracefully, as_info(std::move(f)));
}

void client::abort_all(const std::string& space, done<std::uint64_t> f) {
  behind_->abort_all(space, translated<aborted_runs>(std::move(f),
                                                     [](const aborted_runs& x) {
                                                       return x.count;
                                                     }));
}

void client::items(const run_name& which, std::uint64_t offset,
                   std::uint64_t limit, done<item_lines> f) {
  get_items page;
  page.offset = offset;
  page.limit = limit;
  auto lines = [](const items_page& x) {
    return item_lines{std::string{x.body.view()}, x.count, x.total};
  };
  behind_->items(ref_of(which), page,
                 translated<items_page>(std::move(f), lines));
}

void client::report(const std::string& space, done<std::string> f) {
  behind_->report(space, translated<orc::report>(std::move(f),
                                                 [](const orc::report& x) {
                                                   return to_json(x);
                                                 }));
}

void client::start_batch(const std::string& spec, done<batch_info> f) {
  behind_->start_batch(spec, as_batch(std::move(f)));
}

void client::wait_batch(const std::string& name,
                        std::chrono::milliseconds at_most, done<batch_info> f) {
  behind_->wait_batch(name, at_most, as_batch(std::move(f)));
}

void client::list_batches(done<batches> f) {
  behind_->list_batches(translated<walk_views>(
    std::move(f), [](const walk_views& xs) { return infos_of(xs); }));
}

void client::change_batch(const std::string& name, batch_verb how,
                          done<batch_info> f) {
  behind_->change_batch({verb_of(how), name, 0}, as_batch(std::move(f)));
}

void client::limit_batch(const std::string& name, std::uint32_t pages,
                         done<batch_info> f) {
  behind_->change_batch({walk_verb::set_parallelism, name, pages},
                        as_batch(std::move(f)));
}

void client::on_event(std::function<void(const event_info&)> f) {
  if (!f)
    return behind_->on_event({});
  behind_->on_event([f = std::move(f)](const run_event& x) { f(info_of(x)); });
}

void client::on_death(std::function<void()> f) {
  behind_->on_death(std::move(f));
}

} // namespace orc
