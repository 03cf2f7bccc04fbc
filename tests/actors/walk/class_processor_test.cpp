// Pages that a class of the host program does.

#include "actors/walk/class_processor.hpp"
#include "tests/actors/walk/walk_world.hpp"

#include <stdexcept>

using namespace orc;
using namespace orc::test;

namespace {

class doubling : public page_class {
public:
  page_outcome process(const page_call& page) override {
    if (page.args == "\"throw\"")
      throw std::out_of_range{"too far"};
    page.fail_item(1, std::string{page.items});
    page.enqueue_next_page(std::string{page.cursor} + "+");
    return {page_outcome::end::done, {}, {}, 2 * page.size};
  }

  page_outcome tell(std::string_view progress) override {
    return {page_outcome::end::failed, std::string{progress}, "full", 0};
  }
};

class class_world {
public:
  class_world() {
    register_page_class("doubling",
                        [] { return std::make_unique<doubling>(); });
    processor_ = system_.spawn(class_processor, find_page_class("doubling"));
  }

  ~class_world() {
    caf::anon_send_exit(processor_, caf::exit_reason::user_shutdown);
  }

  template <class Request>
  page_result ask(Request x) {
    caf::scoped_actor self{system_};
    if constexpr (std::is_same_v<Request, process_page>)
      x.next = caf::actor_cast<next_page_sink>(self->address());
    page_result result;
    self->request(processor_, 20s, x)
      .receive([&](page_result& y) { result = std::move(y); },
               [](const caf::error&) { FAIL("no answer"); });
    if (result.end == page_end::done)
      self->receive([&](const next_page& y) { next = y.cursor; });
    return result;
  }

  std::string next;

private:
  quiet_config config_;
  caf::actor_system system_{config_};
  page_processor_actor processor_;
};

process_page page_with(const char* args) {
  process_page x;
  x.cursor = "c";
  x.size = 4;
  x.items = json_text{"1\n2\n"};
  x.args = json_text{args};
  return x;
}

} // namespace

TEST_CASE("a class does pages, tells what comes next and which items failed") {
  class_world w;
  auto x = w.ask(page_with("{}"));
  CHECK(x.end == page_end::done);
  CHECK(x.count == 8);
  CHECK(w.next == "c+");
  REQUIRE(x.items.size() == 1);
  CHECK(x.items[0].item == 1);
  CHECK(x.items[0].error == "1\n2\n");
}

TEST_CASE("an exception of a class is an attempt that failed") {
  class_world w;
  auto x = w.ask(page_with("\"throw\""));
  CHECK(x.end == page_end::failed);
  CHECK(x.error == "too far");
  REQUIRE(x.types.size() == 1);
}

TEST_CASE("BO-27 classes are known by their names") {
  class_world w;
  auto names = page_class_names();
  CHECK(std::find(names.begin(), names.end(), "doubling") != names.end());
  CHECK(!find_page_class("other"));
  tell_progress x;
  x.progress = json_text{"{}"};
  auto told = w.ask(x);
  CHECK(told.end == page_end::failed);
  CHECK(told.types == std::vector<std::string>{"full"});
}
