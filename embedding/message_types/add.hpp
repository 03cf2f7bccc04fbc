#pragma once

#include <caf/actor_system_config.hpp>
#include <caf/make_type_erased_value.hpp>

#include <typeindex>

namespace orc {

/// Registers `T` alone. `add_message_type` of CAF 0.17 also registers a vector
/// and a stream of it: three times the code, for what nobody sends.
template <class T>
void add_type(caf::actor_system_config& config, const char* name) {
  auto id = std::type_index{typeid(T)};
  config.type_names_by_rtti.emplace(id, name);
  config.value_factories_by_name.emplace(name, &caf::make_type_erased_value<T>);
  config.value_factories_by_rtti.emplace(id, &caf::make_type_erased_value<T>);
}

/// For the lists of messages, see `ORC_DECLARE_MESSAGE`.
#define ORC_ADD_TYPE(type) ::orc::add_type<type>(config, #type);

/// One a group of conversations.
void add_run_types(caf::actor_system_config& config);
void add_task_types(caf::actor_system_config& config);
void add_walk_types(caf::actor_system_config& config);

} // namespace orc
