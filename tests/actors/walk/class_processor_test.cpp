// Pages that a class of the host program does.

#include "actors/walk/class_processor.hpp"
#include "tests/actors/walk/walk_world.hpp"

#include <caf/after.hpp>

#include <functional>
#include <stdexcept>

using namespace orc;
using namespace orc::test;

namespace {

class doubling : public page_class {
public:
  page_outcome process(const page_call& page) override {
    if (page.args == "\"throw\"")
      throw std::out_of_range{"too far"};
    if (page.args == "\"late\"") {
      late = page.enqueue_next_page;
      return {};
    }
    page.fail_item(1, std::string{page.args});
    page.enqueue_next_page(std::string{page.cursor} + "+");
    return {page_outcome::end::done, {}, {}, 2 * page.size};
  }

  page_outcome tell(std::string_view progress) override {
    return {page_outcome::end::failed, std::string{progress}, "full", 0};
  }

  /// Kept beyond its page.
  static inline std::function<void(std::string)> late;
};

class class_world {
public:
  class_world() {
    processor_ = system_.spawn(class_processor, page_class_factory{[] {
                                 return std::make_unique<doubling>();
                               }});
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
    self->receive([&](const next_page& y) { next = y.cursor; },
                  caf::after(0s) >> [] {});
    return result;
  }

  std::string next;

private:
  quiet_config config_;
  caf::actor_system system_{config_};
  page_processor_actor processor_;
};

process_page page_with(const char* args, const char* items = "") {
  process_page x;
  x.cursor = "c";
  x.size = 4;
  x.items = json_text{items};
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
  CHECK(x.items[0].error == "{}");
}

TEST_CASE("an exception of a class is an attempt that failed") {
  class_world w;
  auto x = w.ask(page_with("\"throw\""));
  CHECK(x.end == page_end::failed);
  CHECK(x.error == "too far");
  REQUIRE(x.types.size() == 1);
}

TEST_CASE("BO-34 a page that is over, or not its own to find, is an error that "
          "says so") {
  class_world w;
  auto fed = w.ask(page_with("{}", "1\n2\n"));
  CHECK(fed.end == page_end::failed);
  CHECK(fed.error.find("the source of the batch says where pages begin")
        != std::string::npos);
  CHECK(w.next.empty());

  CHECK(w.ask(page_with("\"late\"")).end == page_end::done);
  REQUIRE(doubling::late);
  CHECK_THROWS_WITH(doubling::late("x"),
                    Catch::Contains("enqueue_next_page: the page is over"));
  CHECK_THROWS_AS(doubling::late("x"), std::logic_error);
}

TEST_CASE(
  "a class is told how the batch stands, and may refuse its last step") {
  class_world w;
  tell_progress x;
  x.progress = json_text{R"({"completed":3})"};
  auto told = w.ask(x);
  CHECK(told.end == page_end::failed);
  CHECK(told.error == R"({"completed":3})");
  CHECK(told.types == std::vector<std::string>{"full"});
}
