#include "actors/account/admission.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::literals;

namespace {

using keys = std::vector<std::uint64_t>;

/// The admission of an account with room for everything.
struct fixture {
  fixture() {
    account_limits x;
    x.max_memory = 65'536_MiB;
    x.max_runs = 64;
    subject.limits_asked(now);
    subject.limits_known(x);
  }

  static queued_run queued(std::uint64_t key, const char* space = "default") {
    queued_run x;
    x.key = {key};
    x.space = space;
    x.target = {"me/shop", false};
    x.memory = 512_MiB;
    return x;
  }

  void enqueue(std::uint64_t from, std::uint64_t count) {
    for (auto key = from; key < from + count; ++key)
      subject.enqueue(queued(key));
  }

  keys admit() {
    keys result;
    while (auto key = subject.next(now))
      result.push_back(key->value);
    return result;
  }

  void
  find_no_money(std::uint64_t key, bool alone, const char* budget = "nightly") {
    run_returned x{queued(key), ec::budget_reached};
    x.budget = budget;
    x.reason = "budget nightly has 0.40 USD left, run needs 1.00";
    x.alone = alone;
    x.openings = openings_when_asked;
    subject.returned(x, now);
  }

  void open(const char* budget) {
    subject.budget_opened(budget, ++openings);
  }

  /// Parks 20 runs, and opens the budget: 8 of them try.
  keys try_some_of_20() {
    enqueue(1, 20);
    for (auto key : admit())
      find_no_money(key, true);
    openings_when_asked = 1;
    open("nightly");
    return admit();
  }

  admission subject{{"main"}, 7};
  timestamp now{1'700'000'000'000};
  std::uint64_t openings = 0;
  /// What a denial carries.
  std::uint64_t openings_when_asked = 0;
};

} // namespace

TEST_CASE_METHOD(fixture,
                 "a run without money holds back all that are like it") {
  enqueue(1, 1);
  admit();
  find_no_money(1, false);
  enqueue(2, 5);
  CHECK(admit().empty());
  CHECK(subject.queued() == 6);
}

TEST_CASE_METHOD(fixture, "runs of other namespaces are not held back") {
  enqueue(1, 1);
  admit();
  find_no_money(1, false);
  subject.enqueue(queued(2, "other"));
  CHECK(admit() == keys{2});
}

TEST_CASE_METHOD(fixture, "a budget that opens lets the oldest go first") {
  enqueue(1, 1);
  admit();
  find_no_money(1, false);
  enqueue(2, 2);
  open("nightly");
  CHECK(admit() == keys{1, 2, 3});
}

TEST_CASE_METHOD(fixture, "another budget that opens changes nothing") {
  enqueue(1, 1);
  admit();
  find_no_money(1, false);
  open("daily");
  CHECK(admit().empty());
}

TEST_CASE_METHOD(fixture, "a run of a narrow budget waits alone") {
  enqueue(1, 1);
  admit();
  find_no_money(1, true);
  enqueue(2, 2);
  CHECK(admit() == keys{2, 3});
  CHECK(subject.queued() == 1);
}

TEST_CASE_METHOD(fixture, "runs that wait alone are tried a few at a time") {
  enqueue(1, 20);
  auto all = admit();
  REQUIRE(all.size() == 20);
  for (auto key : all)
    find_no_money(key, true);
  open("nightly");
  auto tried = admit();
  CHECK(tried == keys{1, 2, 3, 4, 5, 6, 7, 8});
  subject.started({{1}, 512_MiB}, now);
  CHECK(admit() == keys{9, 10, 11, 12, 13, 14, 15, 16});
}

TEST_CASE_METHOD(fixture,
                 "a denial that is older than the opening of its budget "
                 "holds nothing back") {
  enqueue(1, 3);
  admit();
  open("nightly");
  find_no_money(1, false);
  find_no_money(2, true);
  CHECK(admit() == keys{1, 2});
}

TEST_CASE_METHOD(fixture, "a denial after the opening of its budget, or of "
                          "another one, counts") {
  enqueue(1, 2);
  admit();
  open("nightly");
  openings_when_asked = 1;
  find_no_money(1, true);
  open("daily");
  find_no_money(2, true);
  CHECK(admit().empty());
}

TEST_CASE_METHOD(fixture, "where all who try end otherwise, others try") {
  CHECK(try_some_of_20() == keys{1, 2, 3, 4, 5, 6, 7, 8});
  for (std::uint64_t key = 1; key < 8; ++key)
    subject.ended({key}, now);
  CHECK(admit().empty());
  subject.ended({8}, now);
  CHECK(admit() == keys{9, 10, 11, 12, 13, 14, 15, 16});
}

TEST_CASE_METHOD(fixture, "where the platform takes none of those who try, "
                          "others try") {
  for (auto key : try_some_of_20())
    subject.returned({queued(key), ec::memory_refused}, now);
  now = now + std::chrono::seconds{1};
  CHECK(admit().size() == 16);
}

TEST_CASE_METHOD(fixture, "where all who try lack another budget, others try") {
  for (auto key : try_some_of_20())
    find_no_money(key, true, "weekly");
  CHECK(admit() == keys{9, 10, 11, 12, 13, 14, 15, 16});
}

TEST_CASE_METHOD(fixture, "where those who try find no money, nobody tries") {
  for (auto key : try_some_of_20())
    find_no_money(key, true);
  CHECK(admit().empty());
  open("nightly");
  CHECK(admit() == keys{1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE_METHOD(fixture, "a run that waits for money can be cancelled") {
  enqueue(1, 1);
  admit();
  find_no_money(1, true);
  CHECK(subject.cancel({1}));
  CHECK(subject.queued() == 0);
  open("nightly");
  CHECK(admit().empty());
}

TEST_CASE_METHOD(fixture, "a run that waits for money says for which") {
  enqueue(1, 1);
  admit();
  find_no_money(1, false);
  CHECK(subject.explain(queued(1), now)
        == "budget nightly has 0.40 USD left, run needs 1.00");
}
