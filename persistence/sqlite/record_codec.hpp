#pragma once

#include "messages/base/fields.hpp"
#include "persistence/sqlite/failure.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

namespace orc::sqlite {

/// Tells apart how values are written: other members in a struct, or others in
/// their order, give another number.
class layout_hash {
public:
  template <class T>
  void add() {
    if constexpr (described<T>) {
      mix(T::fields.name);
      for_each_field<T>([this](const auto& x) { add_field(x); });
    } else if constexpr (requires { typename T::value_type; }) {
      mix(typeid(T).name());
      if constexpr (!std::is_same_v<typename T::value_type, T>)
        add<typename T::value_type>();
    } else {
      mix(typeid(T).name());
    }
  }

  std::uint64_t value() const {
    return value_;
  }

private:
  template <class Class, class Member>
  void add_field(const field_info<Class, Member>& x) {
    mix(x.name);
    add<Member>();
  }

  // FNV-1a.
  void mix(std::string_view text) {
    for (auto c : text)
      value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3;
    value_ = (value_ ^ 0xff) * 0x100'0000'01b3;
  }

  std::uint64_t value_ = 0xcbf2'9ce4'8422'2325;
};

/// Turns values of some types into records of a journal and back.
/// @tparam Ts at most 256; new ones at the end.
template <class... Ts>
class record_codec {
public:
  /// @returns a record, until the next one is written.
  template <class T>
  std::string_view write(const T& x) {
    static_assert((std::is_same_v<T, Ts> || ...), "not among the types");
    buffer_.assign(1, static_cast<char>(index_of<T>()));
    caf::binary_serializer out{no_unit, buffer_};
    if (out(x))
      throw failure{ec::store_failed, "a step cannot be written down"};
    return {buffer_.data(), buffer_.size()};
  }

  /// Calls `f` with the value of a record.
  template <class F>
  static void read(std::string_view record, F f) {
    auto index = record.empty() ? sizeof...(Ts)
                                : static_cast<unsigned char>(record.front());
    auto number = std::size_t{0};
    auto found = ((number++ == index && (read_as<Ts>(record, f), true)) || ...);
    if (!found)
      throw unreadable();
  }

  static std::uint64_t layout() {
    layout_hash result;
    (result.add<Ts>(), ...);
    return result.value();
  }

private:
  static constexpr caf::execution_unit* no_unit = nullptr;

  static failure unreadable() {
    return {ec::store_corrupt, "a record of the journal cannot be read: "
                               "restore a backup"};
  }

  template <class T>
  static constexpr std::size_t index_of() {
    std::size_t result = 0;
    std::ignore = ((std::is_same_v<T, Ts> || (++result, false)) || ...);
    return result;
  }

  template <class T, class F>
  static void read_as(std::string_view record, F& f) {
    T x;
    caf::binary_deserializer in{no_unit, record.data() + 1, record.size() - 1};
    if (in(x))
      throw unreadable();
    f(std::as_const(x));
  }

  std::vector<char> buffer_;
};

} // namespace orc::sqlite
