#pragma once

#include "messages/base/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orc {

/// Groups, tasks and operators have ids of 24 hexadecimal digits, as Crew's
/// clients expect: the second of their creation, which store made them, and
/// their key in it. So an id leads to a row without an index.
///
///     67475a10 | 3fa9c1        | 0000000102
///     second     kind, store     key
///
/// The kind keeps a task from having the id of a group.
enum class id_of : std::uint8_t { group, task, endpoint };

/// @param store 22 bits that tell stores apart.
std::string make_object_id(id_of kind, timestamp created, std::uint32_t store,
                           std::uint64_t key);

/// @returns the key that stands in an id, or nothing if it is none. Whoever
///          follows it compares the whole id with the one that is there.
std::optional<std::uint64_t> key_of_object_id(std::string_view id);

} // namespace orc
