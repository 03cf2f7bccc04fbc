#include "actors/splitter/splitter.hpp"

#include "messages/base/log.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

constexpr logger log{"splitter"};

/// Requests are handed out once they hold so many bytes of inputs, or are as
/// many as one submission should have.
constexpr std::uint64_t enough_bytes = 8 << 20;
constexpr std::size_t enough_requests = 1'000;

} // namespace

splitter_state::splitter_state(splitter_actor::pointer self) : self_{self} {
  // nop
}

splitter_actor::behavior_type
splitter_state::make_behavior(split_job job, splitter_parts parts) {
  job_.emplace(std::move(job));
  parts_ = std::move(parts);
  return {
    [this](const cut_items& x) { return cut(x); },
    [this](const next_requests&) { return next(); },
  };
}

// -- cutting ------------------------------------------------------------------

caf::result<split_result> splitter_state::cut(const cut_items& request) {
  if (std::exchange(begun_, true))
    return make_error(ec::bad_config, "a SPLITTER cuts its list once");
  dry_run_ = request.dry_run || !parts_.store;
  cut_promise_ = self_->make_response_promise<split_result>();
  load();
  return cut_promise_;
}

void splitter_state::load() {
  if (!parts_.store)
    return count();
  const auto& request = job_->request();
  self_
    ->request(parts_.store, caf::infinite,
              load_split{{request.run.space, request.prefix}})
    .then(
      [this](stored_split& x) {
        if (!x.fingerprint.empty() && x.fingerprint != job_->fingerprint())
          return finish_cut(make_error(
            ec::name_conflict,
            fmt::format("prefix: `{}` was cut with another template, fixed "
                        "input, actor or task; use another prefix",
                        job_->request().prefix)));
        known_ = std::move(x.parts);
        count();
      },
      [this](const caf::error& err) { finish_cut(err); });
}

void splitter_state::count() {
  if (!job_->request().rules.parts)
    return cut_new(0);
  auto items = std::make_shared<std::uint64_t>(0);
  walk(
    [items](std::string_view) {
      ++*items;
      return caf::error{};
    },
    [this, items](const caf::error& problem) {
      problem ? finish_cut(problem) : cut_new(*items);
    });
}

void splitter_state::cut_new(std::uint64_t total_items) {
  all_ = known_;
  cutter_.emplace(job_->cutter(known_, total_items, false, [this](cut_part x) {
    if (x.part.part.name.empty())
      all_.push_back(std::move(x.part));
    return caf::error{};
  }));
  walk([this](std::string_view item) { return cutter_->add(item); },
       [this](const caf::error& problem) {
         auto outcome = problem ? problem : cutter_->finish();
         outcome ? finish_cut(outcome) : save();
       });
}

void splitter_state::save() {
  job_->name_parts(all_);
  tell_result();
  auto first_new = all_.begin() + static_cast<std::ptrdiff_t>(known_.size());
  auto added = std::vector<stored_part>{first_new, all_.end()};
  if (dry_run_ || added.empty())
    return finish_cut({});
  const auto& request = job_->request();
  self_
    ->request(parts_.store, caf::infinite,
              save_split{{request.run.space, request.prefix},
                         job_->fingerprint(),
                         known_.size(),
                         std::move(added)})
    .then(
      [this](const saved&) {
        log.info("list-cut", "prefix={} parts={} items={} bytes={}",
                 job_->request().prefix, result_.parts.size(), result_.items,
                 result_.bytes);
        finish_cut({});
      },
      [this](const caf::error& err) { finish_cut(err); });
}

void splitter_state::tell_result() {
  result_.skipped = cutter_->skipped();
  result_.skipped_items = cutter_->skipped_items();
  for (const auto& x : all_) {
    result_.parts.push_back(x.part);
    result_.items += x.part.items;
    result_.bytes += x.part.bytes;
  }
}

void splitter_state::finish_cut(const caf::error& problem) {
  failure_ = problem;
  if (problem)
    cut_promise_.deliver(problem);
  else
    cut_promise_.deliver(result_);
}

// -- making inputs ------------------------------------------------------------

caf::result<part_requests> splitter_state::next() {
  if (failure_)
    return failure_;
  if (made_ == all_.size() && ready_.empty())
    return part_requests{{}, true};
  waiting_ = self_->make_response_promise<part_requests>();
  auto promise = *waiting_;
  std::exchange(building_, true) ? read_on() : build();
  return promise;
}

void splitter_state::build() {
  cutter_.emplace(job_->cutter(all_, 0, true, [this](cut_part x) {
    ++made_;
    ready_bytes_ += x.input.size();
    ready_.push_back(job_->request_of(std::move(x)));
    return caf::error{};
  }));
  walk(
    [this](std::string_view item) {
      // What follows the last part came after the list was cut.
      return made_ == all_.size() ? caf::error{} : cutter_->add(item);
    },
    [this](const caf::error& problem) {
      failure_ = problem ? problem : cutter_->finish();
      deliver_requests();
    });
}

void splitter_state::deliver_requests() {
  if (!waiting_)
    return;
  auto promise = *std::exchange(waiting_, std::nullopt);
  if (failure_) {
    promise.deliver(failure_);
    return;
  }
  part_requests answer;
  while (!ready_.empty() && answer.runs.size() < enough_requests) {
    ready_bytes_ -= ready_.front().input.view().size();
    answer.runs.push_back(std::move(ready_.front()));
    ready_.pop_front();
  }
  answer.is_last = made_ == all_.size() && ready_.empty();
  promise.deliver(std::move(answer));
}

// -- walking over the list ----------------------------------------------------

void splitter_state::walk(item_sink sink,
                          std::function<void(const caf::error&)> done) {
  pass_ = std::make_unique<pass>();
  pass_->parser = make_item_parser(job_->request().format, std::move(sink));
  pass_->done = std::move(done);
  read_on();
}

void splitter_state::read_on() {
  auto complete = building_ && made_ == all_.size();
  if (complete || ready_bytes_ >= enough_bytes
      || ready_.size() >= enough_requests)
    return deliver_requests();
  self_->request(parts_.source, caf::infinite, read_source{pass_->position})
    .then([this](const source_piece& piece) { take(piece); },
          [this](const caf::error& err) { pass_->done(err); });
}

void splitter_state::take(const source_piece& piece) {
  pass_->position = piece.next_position;
  auto problem = pass_->parser->feed(piece.text.view());
  if (!problem && piece.is_last)
    problem = pass_->parser->finish();
  if (!problem && !piece.is_last)
    return read_on();
  // The next walk may begin in it.
  auto done = std::move(pass_->done);
  done(problem);
}

splitter_actor::behavior_type
splitter(splitter_actor::stateful_pointer<splitter_state> self, split_job job,
         splitter_parts parts) {
  return self->state.make_behavior(std::move(job), std::move(parts));
}

} // namespace orc
