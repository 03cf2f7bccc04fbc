#include "actors/reader/reader_pages.hpp"

#include "messages/json/walk_source_json.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

/// The APIFY API repeats in the meantime.
constexpr std::chrono::minutes api_patience{5};

/// A full page is held back so long for the news that it is the last one.
constexpr std::chrono::seconds patience{1};

} // namespace

reader_pages_state::reader_pages_state(reader_pages_inbox::pointer self)
  : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) { stop(x); });
}

reader_pages_inbox::behavior_type
reader_pages_state::make_behavior(walk_source source,
                                  reader_pages_parts parts) {
  source_ = std::move(source);
  parts_ = std::move(parts);
  return {
    [this](const read_walk_page& x) { return read(x); },
    [this](const page_waited& x) { handle(x); },
  };
}

caf::result<walk_page> reader_pages_state::read(const read_walk_page& x) {
  if (x.size == 0)
    return make_error(ec::bad_field, "pageSize: must be 1 at least");
  auto promise = self_->make_response_promise<walk_page>();
  jobs_.push_back({x, promise});
  if (jobs_.size() == 1)
    start_next();
  return promise;
}

void reader_pages_state::start_next() {
  if (jobs_.empty())
    return;
  page_ = {};
  ++page_number_;
  auto place = page_place::parse(jobs_.front().wanted.cursor);
  if (reader_ && place == position())
    return fill();
  drop_reader();
  behind_piece_ = place.at;
  to_skip_ = place.skip;
  find_owner();
}

void reader_pages_state::find_owner() {
  if (!source_.run.empty())
    return open_reader(true);
  if (!parts_.storage)
    return fail(make_error(ec::unknown_account,
                           "there is no account whose datasets could be read: "
                           "give a token"));
  self_->request(parts_.storage, api_patience, find_dataset{source_.dataset_id})
    .then(
      // What no run writes ends where it ends now.
      [this](const remote_dataset& x) { open_reader(!x.run_id.empty()); },
      [this](caf::error& why) { fail(std::move(why)); });
}

void reader_pages_state::open_reader(bool follow) {
  auto query = dataset_query(source_);
  if (!query)
    return fail(std::move(query.error()));
  read_request request;
  request.from
    = {{source_.space.value_or("default"), source_.run, source_.dataset_id}};
  request.follow = follow;
  request.query = std::move(*query);
  request.cursor = behind_piece_;
  self_->request(parts_.readings, api_patience, std::move(request))
    .then(
      [this](const reader_actor& x) {
        reader_ = x;
        fill();
      },
      [this](caf::error& why) { fail(std::move(why)); });
}

void reader_pages_state::fill() {
  auto wanted = jobs_.front().wanted.size;
  while (page_.count() < wanted) {
    auto taken = take_item();
    if (!taken)
      return fail(std::move(taken.error()));
    if (!*taken)
      break;
  }
  if (page_.count() == wanted && !left_.empty())
    return deliver(position().cursor());
  if (is_over_)
    return deliver(std::nullopt);
  if (page_.count() == wanted)
    self_->delayed_send(self_, patience, page_waited{page_number_});
  ask_for_piece();
}

caf::expected<bool> reader_pages_state::take_item() {
  while (!left_.empty()) {
    auto line = left_.substr(0, left_.find('\n'));
    left_.remove_prefix(std::min(line.size() + 1, left_.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos)
      continue;
    ++taken_;
    if (to_skip_ > 0) {
      --to_skip_;
      continue;
    }
    if (auto err = page_.add(line))
      return err;
    return true;
  }
  return false;
}

void reader_pages_state::ask_for_piece() {
  if (std::exchange(is_asking_, true))
    return;
  self_->request(reader_, caf::infinite, read_next{})
    .then(
      [this, number = reader_number_](item_piece& x) {
        if (number == reader_number_)
          take(std::move(x));
      },
      [this, number = reader_number_](caf::error& why) {
        if (number == reader_number_)
          fail(std::move(why));
      });
}

void reader_pages_state::take(item_piece piece) {
  is_asking_ = false;
  before_piece_ = std::exchange(behind_piece_, std::move(piece.cursor));
  piece_ = std::move(piece.body);
  left_ = piece_.view();
  taken_ = 0;
  is_over_ = piece.is_last;
  if (!jobs_.empty())
    fill();
}

/// A skip that is not done yet goes on from where it was.
page_place reader_pages_state::position() const {
  if (to_skip_ > 0)
    return {before_piece_, taken_ + to_skip_};
  return left_.empty() ? page_place{behind_piece_, 0}
                       : page_place{before_piece_, taken_};
}

void reader_pages_state::handle(const page_waited& x) {
  if (x.page == page_number_ && !jobs_.empty())
    deliver(position().cursor());
}

void reader_pages_state::deliver(std::optional<std::string> next) {
  auto done = std::move(jobs_.front());
  jobs_.pop_front();
  done.promise.deliver(page_.finish(std::move(next)));
  start_next();
}

void reader_pages_state::fail(caf::error why) {
  drop_reader();
  // A request that was answered late finds nobody.
  if (jobs_.empty())
    return;
  auto done = std::move(jobs_.front());
  jobs_.pop_front();
  done.promise.deliver(std::move(why));
  start_next();
}

void reader_pages_state::drop_reader() {
  if (reader_)
    caf::anon_send_exit(reader_, caf::exit_reason::user_shutdown);
  reader_ = reader_actor{};
  ++reader_number_;
  is_asking_ = false;
  is_over_ = false;
  piece_ = {};
  left_ = {};
  taken_ = 0;
  to_skip_ = 0;
}

void reader_pages_state::stop(const caf::exit_msg& why) {
  drop_reader();
  for (auto& x : jobs_)
    x.promise.deliver(make_error(ec::stopping, "the source was closed"));
  jobs_.clear();
  self_->quit(why.reason);
}

reader_pages_inbox::behavior_type
reader_pages(reader_pages_inbox::stateful_pointer<reader_pages_state> self,
             walk_source source, reader_pages_parts parts) {
  return self->state.make_behavior(std::move(source), std::move(parts));
}

} // namespace orc

ORC_READER_PAGES_MESSAGES(ORC_DEFINE_MESSAGE)
