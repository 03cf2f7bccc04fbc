// A batch whose pages a class of this program does, without CAF: looks
// for lines of a file that are null, many pages at a time, durable.
//
//     page_class DATA_DIRECTORY FILE.ndjson
//
// Kill it in the middle and start it again: it goes on.

#include <apify-orchestrator/embedding/client.hpp>
#include <apify-orchestrator/embedding/logging.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>

using namespace std::chrono_literals;

namespace {

/// Tells of items that are `null`. One object does one page after the other, on
/// a thread of its own.
class find_nulls : public orc::page_class {
public:
  orc::page_outcome process(const orc::page_call& page) override {
    auto rest = page.items;
    for (std::uint64_t i = 0; i < page.count; ++i) {
      auto line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(line.size() + 1);
      if (line == "null")
        page.fail_item(i, "is null");
    }
    return {};
  }
};

std::string spec_for(const std::string& file) {
  return R"({"name":"find-nulls","pageSize":100,"maxParallelism":4,)"
         R"("source":{"kind":"ndjson","path":")"
         + file + R"("},"processor":{"kind":"class","name":"find-nulls"}})";
}

int fail(const orc::problem& why) {
  std::cerr << why.type << ": " << why.message << '\n';
  return 1;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: page_class DATA_DIRECTORY FILE.ndjson\n";
    return 2;
  }
  orc::log_to(orc::host_log_level::off, {});
  orc::client_options options;
  options.data_directory = argv[1];
  options.batches = true;
  options.classes["find-nulls"] = [] { return std::make_unique<find_nulls>(); };
  auto client = orc::client::start(options);
  if (!client)
    return fail(client.error());

  auto begun = client->start_batch(spec_for(argv[2])).get();
  if (!begun)
    return fail(begun.error());
  auto ended = client->wait_batch(begun->name, 10min).get();
  if (!ended)
    return fail(ended.error());
  std::cout << ended->name << ": " << ended->state << ", " << ended->items
            << " items in " << ended->completed << " pages, "
            << ended->item_errors << " are null\n";
  return ended->item_errors == 0 ? 0 : 1;
}
