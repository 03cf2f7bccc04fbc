// How BUS LINK makes streams, and pulls durable commands from one of them.

#include "messages/base/log.hpp"
#include "transport/bus/link.hpp"
#include "transport/bus/link_rules.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc::bus {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"bus"};

constexpr std::chrono::seconds pull_patience{20};

} // namespace

void link_state::make_next_stream() {
  if (next_stream_ == streams_.size())
    return streams_ready(true);
  const auto& next = streams_[next_stream_];
  bus_message request;
  request.subject = next.subject;
  request.data = json_text{next.body};
  request.reply = inbox('s', ++next_stream_);
  stream_deadline_ = clock::now() + publish_patience;
  send_now(request);
}

void link_state::stream_made(const bus_message& x) {
  if (next_stream_ == 0)
    return;
  const auto& made = streams_[next_stream_ - 1];
  auto answer = read_stream_answer(x);
  if (is_settled_elsewhere(answer))
    log.warn("bus-stream-differs", "what=\"{}\" note=\"{}\"", made.what,
             answer.error);
  else if (answer.error_code != 0) {
    log.error("bus-stream-missing", "what=\"{}\" error=\"{}\"", made.what,
              answer.error);
    next_attempt_ = clock::now() + longest_pause;
    return streams_ready(false);
  }
  make_next_stream();
}

void link_state::streams_ready(bool ready) {
  next_stream_ = 0;
  has_streams_ = ready;
  tell_up(ready);
  if (ready)
    pull();
}

void link_state::demand(const pull_work& x) {
  room_ = x.most;
  pull();
}

/// One pull at a time, and no small one while another brings enough.
void link_state::pull() {
  if (!up_ || !has_streams_ || pull_ != 0 || room_ == 0)
    return;
  pull_ = ++last_id_;
  pulling_ = room_;
  pull_deadline_ = clock::now() + pull_patience + 5s;
  auto to = fmt::format("{}.p.p{}", inbox_, pull_);
  send_now(make_pull(settings_.instance, room_, pull_patience, std::move(to)));
}

void link_state::pulled(const bus_message& x) {
  if (auto work = read_work(x)) {
    if (pulling_ > 0 && --pulling_ == 0)
      pull_ = 0;
    if (room_ > 0)
      --room_;
    return self_->send(sink_, std::move(*work));
  }
  // The pull is over: its time has passed, or the server is leaving.
  if (read_inbox(x.subject).second != pull_ || x.header("Status") == "100")
    return;
  pull_ = 0;
  if (x.header("Status") == "408" || x.header("Status") == "404")
    return pull();
  // The server leaves, or somebody has removed stream or consumer: looks after
  // them, but not at once.
  log.warn("bus-pull-ended", "status={} note=\"{}\"", x.header("Status"),
           x.header("Description"));
  has_streams_ = false;
  next_attempt_ = clock::now() + first_pause;
}

} // namespace orc::bus
