#include "embedding/message_types.hpp"
#include "messages/base/error.hpp"
#include "messages/batches.hpp"
#include "messages/orchestrator.hpp"
#include "messages/reader.hpp"
#include "messages/schedule/schedules.hpp"
#include "messages/splits.hpp"
#include "messages/task/operators.hpp"
#include "messages/task/tasks.hpp"
#include "messages/walk/walks.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/typed_actor.hpp>
#include <catch2/catch.hpp>

#include <typeinfo>
#include <vector>

using namespace orc;

namespace {

struct wire_config : caf::actor_system_config {
  wire_config() {
    orc::add_message_types(*this);
  }
};

/// @returns `x` after it has crossed the network.
template <class T>
T sent(caf::actor_system& system, T x) {
  std::vector<char> bytes;
  caf::binary_serializer out{system, bytes};
  REQUIRE_FALSE(out(x));
  T result;
  caf::binary_deserializer in{system, bytes};
  REQUIRE_FALSE(in(result));
  return result;
}

template <class T>
void check_type(const wire_config& config) {
  INFO(typeid(T).name());
  CHECK((std::is_void_v<T> || config.type_names_by_rtti.count(typeid(T)) == 1));
}

template <class... In, class... Out>
void check_signature(
  const wire_config& config,
  caf::typed_mpi<caf::detail::type_list<In...>, caf::output_tuple<Out...>>) {
  (check_type<In>(config), ...);
  (check_type<Out>(config), ...);
}

template <class... Signatures>
void check_signatures(const wire_config& config,
                      caf::detail::type_list<Signatures...>) {
  (check_signature(config, Signatures{}), ...);
}

/// Checks that every message of an actor's interface is known.
template <class Actor>
void check_known(const wire_config& config) {
  check_signatures(config, typename Actor::signatures{});
}

} // namespace

TEST_CASE("every message can cross the network") {
  wire_config config;
  config.set("logger.verbosity", caf::atom("quiet"));
  caf::actor_system system{config};
  auto count = 0;

  for (const auto& [name, make] : config.value_factories_by_name) {
    if (name.compare(0, 5, "orc::") != 0)
      continue;
    ++count;
    INFO(name);
    auto value = make();
    std::vector<char> bytes;
    caf::binary_serializer out{system, bytes};
    CHECK_FALSE(value->save(out));
    auto copy = make();
    caf::binary_deserializer in{system, bytes};
    CHECK_FALSE(copy->load(in));
    CHECK(copy->stringify() == value->stringify());
  }

  CHECK(count > 50);
}

TEST_CASE("all that a host says and hears is known") {
  wire_config config;

  check_known<orchestrator_actor>(config);
  check_known<events_actor>(config);
  check_known<event_sink>(config);
  check_known<readings_actor>(config);
  check_known<reader_actor>(config);
  check_known<batches_actor>(config);
  check_known<splits_actor>(config);
  check_known<tasks_actor>(config);
  check_known<operators_actor>(config);
  check_known<schedules_actor>(config);
  check_known<walks_actor>(config);
}

TEST_CASE("what a run request holds arrives as it was") {
  wire_config config;
  config.set("logger.verbosity", caf::atom("quiet"));
  caf::actor_system system{config};
  run_request request;
  request.name = "shop/1";
  request.actor = "me/shop";
  request.input = json_text{R"({"page":1})"};
  request.token = secret{"a token of its own"};
  request.options.memory = mebibytes{512};
  request.budget_usd = 1.5;
  submit_runs message;
  message.runs = {request};

  auto arrived = sent(system, message).runs.at(0);

  CHECK(arrived.name == "shop/1");
  CHECK(arrived.input == request.input);
  CHECK(arrived.token == request.token);
  CHECK(arrived.options == request.options);
  CHECK(arrived.budget_usd == 1.5);
  CHECK_FALSE(arrived.max_memory);
}

TEST_CASE("a host's actor system can say what is wrong") {
  wire_config config;
  config.set("logger.verbosity", caf::atom("quiet"));
  caf::actor_system system{config};

  auto text = system.render(make_error(ec::unknown_run, "there is no run `x`"));

  CHECK(text == "unknown-run: there is no run `x`");
}
