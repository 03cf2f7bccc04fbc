#include "actors/splitter/part_cutter.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace orc;

namespace {

using counts = std::vector<std::uint64_t>;

struct cut {
  std::vector<cut_part> parts;
  caf::error problem;
  std::vector<oversize_item> skipped;
};

cut cut_list(const std::vector<std::string>& items, cut_rules rules,
             std::vector<stored_part> known = {}) {
  auto shape = item_template::parse(R"({"u":{"$items":"$item"}})");
  REQUIRE(shape);
  cut result;
  rules.total_items = items.size();
  part_cutter cutter{*shape, rules, std::move(known), true, [&](cut_part x) {
                       result.parts.push_back(std::move(x));
                       return caf::error{};
                     }};
  for (const auto& item : items)
    if (!result.problem)
      result.problem = cutter.add(item);
  if (!result.problem)
    result.problem = cutter.finish();
  result.skipped = cutter.skipped_items();
  return result;
}

cut_rules at_most(std::uint64_t bytes) {
  cut_rules result;
  result.max_bytes = bytes;
  return result;
}

std::vector<std::string> numbers(int count) {
  std::vector<std::string> result;
  for (int i = 0; i < count; ++i)
    result.push_back(std::to_string(i));
  return result;
}

std::vector<stored_part> named(const cut& x) {
  std::vector<stored_part> result;
  for (const auto& part : x.parts) {
    result.push_back(part.part);
    result.back().part.name = "p-" + std::to_string(result.size());
  }
  return result;
}

counts sizes(const cut& x) {
  counts result;
  for (const auto& part : x.parts)
    result.push_back(part.part.part.items);
  return result;
}

std::vector<std::string> random_items(std::mt19937& random) {
  std::vector<std::string> result;
  for (auto i = random() % 300; i > 0; --i)
    result.push_back('"' + std::string(random() % 60, 'x') + '"');
  return result;
}

} // namespace

TEST_CASE("every item is in one part, and no part is above the limit") {
  auto seed = std::random_device{}();
  std::mt19937 random{seed};
  INFO("seed " << seed);
  for (int round = 0; round < 50; ++round) {
    auto items = random_items(random);
    auto limit = 80 + random() % 200;
    auto result = cut_list(items, at_most(limit));
    REQUIRE(!result.problem);
    std::string all;
    for (const auto& part : result.parts) {
      CHECK(part.input.size() <= limit);
      CHECK(part.input.size() == part.part.part.bytes);
      all += part.input.substr(6, part.input.size() - 8) + ",";
    }
    std::string wanted;
    for (const auto& item : items)
      wanted += item + ",";
    CHECK(all == wanted);
  }
}

TEST_CASE("parts are filled greedily by bytes") {
  // {"u":[1,2,3,4]} has 15 bytes.
  CHECK(sizes(cut_list({"1", "2", "3", "4", "5"}, at_most(15)))
        == counts{4, 1});
}

TEST_CASE("rules hold together") {
  auto rules = at_most(15);
  rules.max_items = 3;
  CHECK(sizes(cut_list(numbers(8), rules)) == counts{3, 3, 2});
  rules.max_items = 100;
  rules.parts = 2;
  CHECK(sizes(cut_list(numbers(10), rules)) == counts{4, 1, 4, 1});
}

TEST_CASE("a number of parts differ by one item at most") {
  auto rules = at_most(1000);
  rules.parts = 4;
  CHECK(sizes(cut_list(numbers(10), rules)) == counts{3, 3, 2, 2});
  CHECK(sizes(cut_list(numbers(3), rules)) == counts{1, 1, 1});
}

TEST_CASE("an item that fits in no part is an error with index and size") {
  auto result = cut_list({"1", "\"0123456789\"", "2"}, at_most(15));
  CHECK(code_of(result.problem) == ec::input_too_large);
  CHECK(message_of(result.problem).find("items[1]: makes an input of 20 bytes")
        != std::string::npos);
}

TEST_CASE("an item that fits in no part is skipped and told, if asked") {
  auto rules = at_most(15);
  rules.on_oversize = oversize_policy::skip;
  auto result = cut_list({"1", "\"0123456789\"", "2"}, rules);
  CHECK(!result.problem);
  CHECK(result.skipped == std::vector<oversize_item>{{1, 20}});
  REQUIRE(result.parts.size() == 1);
  CHECK(result.parts[0].input == R"({"u":[1,2]})");
}

TEST_CASE("a longer list keeps the parts it has and adds new ones") {
  auto before = cut_list(numbers(5), at_most(15));
  auto after = cut_list(numbers(9), at_most(13), named(before));
  REQUIRE(!after.problem);
  CHECK(sizes(after) == counts{4, 1, 3, 1});
  CHECK(after.parts[1].part.part.name == "p-2");
  CHECK(after.parts[2].part.part.name.empty());
}

TEST_CASE("a list that has changed is refused") {
  auto before = named(cut_list(numbers(5), at_most(15)));
  auto changed = numbers(5);
  changed[2] = "7";
  auto result = cut_list(changed, at_most(15), before);
  CHECK(code_of(result.problem) == ec::name_conflict);
  CHECK(message_of(result.problem).find("items 0 to 3") != std::string::npos);
  CHECK(code_of(cut_list(numbers(4), at_most(15), before).problem)
        == ec::name_conflict);
}

TEST_CASE("skipped items stay skipped when a list is cut again") {
  auto rules = at_most(15);
  rules.on_oversize = oversize_policy::skip;
  auto items = std::vector<std::string>{"\"0123456789\"", "1", "2",
                                        "\"0123456789\"", "3"};
  auto before = named(cut_list(items, rules));
  auto after = cut_list(items, rules, before);
  CHECK(!after.problem);
  CHECK(after.parts.size() == before.size());
}
