#include "actors/event/events.hpp"
#include "tests/support/actor_fixture.hpp"

#include <memory>
#include <vector>

using namespace orc;

namespace {

using ids = std::vector<std::uint64_t>;

event_sink::behavior_type
note(event_sink::pointer, std::shared_ptr<std::vector<run_event>> seen) {
  return {[seen](const run_event& x) { seen->push_back(x); }};
}

/// EVENTS, and sinks that note what they get.
struct fixture : test::actor_fixture {
  struct listener {
    event_sink sink;
    std::shared_ptr<std::vector<run_event>> seen;
    /// Id before the first one of the test.
    std::uint64_t base = 0;

    ids seen_ids() const {
      ids result;
      for (const auto& x : *seen)
        result.push_back(x.id - base);
      return result;
    }
  };

  fixture() {
    auto probe = subscribe();
    publish();
    base = probe.seen->front().id;
  }

  ~fixture() {
    for (auto& x : sinks)
      kill(x);
    kill(subject);
  }

  listener subscribe(std::string space = "", std::uint64_t after_id = 0) {
    auto seen = std::make_shared<std::vector<run_event>>();
    auto sink = system().spawn(note, seen);
    sinks.push_back(sink);
    tell(subject, subscribe_events{sink, std::move(space),
                                   after_id == 0 ? 0 : base + after_id});
    return {sink, seen, base};
  }

  void publish(int count = 1, std::string space = "default") {
    for (auto i = 0; i < count; ++i) {
      publish_event x;
      x.kind = event_kind::queued;
      x.run.space = space;
      tell(subject, x);
    }
  }

  events_actor subject = system().spawn(events);
  std::uint64_t base = 0;
  std::vector<event_sink> sinks;
};

} // namespace

TEST_CASE_METHOD(fixture, "a sink gets what happens after it subscribed") {
  publish();
  auto sink = subscribe();
  publish(2);
  CHECK(sink.seen_ids() == ids{2, 3});
  CHECK(sink.seen->at(0).kind == event_kind::queued);
  CHECK(sink.seen->at(0).at > timestamp{});
}

TEST_CASE_METHOD(fixture, "a sink may want one namespace only") {
  auto sink = subscribe("mine");
  publish(1, "default");
  publish(1, "mine");
  CHECK(sink.seen_ids() == ids{2});
}

TEST_CASE_METHOD(fixture, "a sink that was away goes on where it was") {
  publish(5);
  auto sink = subscribe("", 3);
  publish();
  CHECK(sink.seen_ids() == ids{4, 5, 6});
}

TEST_CASE_METHOD(fixture, "the last thousand events are remembered") {
  publish(1100);
  auto sink = subscribe("", 1);
  CHECK(sink.seen->size() == 1000);
  CHECK(sink.seen_ids().front() == 101);
}

TEST_CASE_METHOD(fixture, "a sink that died does not stop the others") {
  auto dead = subscribe();
  auto alive = subscribe();
  kill(dead.sink);
  publish();
  CHECK(dead.seen->empty());
  CHECK(alive.seen_ids() == ids{1});
}

TEST_CASE_METHOD(fixture, "a sink that subscribes twice gets events once") {
  auto sink = subscribe();
  tell(subject, subscribe_events{sink.sink, "mine", 0});
  publish(1, "default");
  publish(1, "mine");
  CHECK(sink.seen_ids() == ids{2});
}

TEST_CASE_METHOD(fixture, "ids go on above those of a process before") {
  publish(5);
  auto last = base + 5;
  kill(subject);
  // No process follows another within a millisecond.
  while (static_cast<std::uint64_t>(now().millis) * 1000 < last) {
  }
  subject = system().spawn(events);
  auto before = subscribe();
  publish();
  CHECK(before.seen->front().id > last);
  auto after = std::make_shared<std::vector<run_event>>();
  sinks.push_back(system().spawn(note, after));
  tell(subject, subscribe_events{sinks.back(), "", last});
  CHECK(after->size() == 1);
}

TEST_CASE_METHOD(fixture, "what a fact says to people is passed on") {
  auto sink = subscribe();
  publish_event x;
  x.note = "nothing new for 5 s";
  tell(subject, x);
  REQUIRE(sink.seen->size() == 1);
  CHECK(sink.seen->front().note == "nothing new for 5 s");
}
