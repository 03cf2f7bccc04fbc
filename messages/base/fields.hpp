#pragma once

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace orc {

/// Whether a field may be missing where its struct is read, and what is written
/// when it holds nothing.
enum class presence : std::uint8_t {
  /// Must be there when read.
  required,
  /// May be missing when read; an empty `std::optional` is not written.
  optional,
  /// May be missing or null when read; an empty `std::optional` is written as
  /// null, so that what users see has always the same shape.
  nullable,
};

/// Describes one member of a struct.
template <class Class, class Member>
struct field_info {
  std::string_view name;
  Member Class::*member;
  presence need;
  /// Such as "MiB", "s" or "USD"; "" where the type says it all.
  std::string_view unit;
  /// One sentence for the reference and the OpenAPI document.
  std::string_view doc;
};

template <class Class, class Member>
constexpr auto
field(std::string_view name, Member Class::*member, presence need,
      std::string_view unit, std::string_view doc) {
  return field_info<Class, Member>{name, member, need, unit, doc};
}

template <class Class, class Member>
constexpr auto
field(std::string_view name, Member Class::*member, std::string_view doc) {
  return field(name, member, presence::required, "", doc);
}

template <class Class, class Member>
constexpr auto field(std::string_view name, Member Class::*member,
                     presence need, std::string_view doc) {
  return field(name, member, need, "", doc);
}

/// All there is to know about a struct. Everything that handles values one
/// member at a time is derived from it: CAF's `inspect`, JSON both ways, the
/// OpenAPI document, the reference.
template <class Members>
struct description {
  /// Name in messages, logs and the OpenAPI document. Ends with a NUL.
  const char* name;
  std::string_view doc;
  /// Calls a function with all `field_info`s, in order. A closure, since
  /// compilers take seconds to construct a `std::tuple` of so many types.
  Members apply;
};

template <class... Fields>
constexpr auto
describe(const char* name, std::string_view doc, Fields... members) {
  auto apply = [=](auto&& f) -> decltype(auto) { return f(members...); };
  return description<decltype(apply)>{name, doc, apply};
}

/// A struct that carries a `static constexpr auto fields = describe(...)`.
template <class T>
concept described = requires {
  std::remove_const_t<T>::fields.apply;
};

/// Calls `f(field_info)` for each member, in order.
template <described T, class F>
constexpr void for_each_field(F&& f) {
  T::fields.apply([&](const auto&... xs) { (f(xs), ...); });
}

/// Stands for a `std::optional` where CAF 0.17 inspects, which knows only its
/// own.
template <class T>
struct optional_ref {
  std::optional<T>* target;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, optional_ref& x) {
    auto held = x.target->has_value();
    if constexpr (!Inspector::reads_state) {
      if (auto err = f(held))
        return err;
      if (!held) {
        x.target->reset();
        return {};
      }
      return f(x.target->emplace());
    } else {
      return held ? f(held, **x.target) : f(held);
    }
  }
};

template <class T>
T& inspectable(T& x) {
  return x;
}

template <class T>
optional_ref<T> inspectable(std::optional<T>& x) {
  return {&x};
}

/// Found by CAF through argument-dependent lookup.
template <class Inspector, described T>
auto inspect(Inspector& f, T& x) {
  using plain = std::remove_const_t<T>;
  auto& y = const_cast<plain&>(x);
  return plain::fields.apply([&](const auto&... xs) {
    return f(caf::meta::type_name(plain::fields.name),
             inspectable(y.*xs.member)...);
  });
}

} // namespace orc
