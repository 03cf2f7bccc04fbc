#pragma once

#include <caf/detail/message_data.hpp>
#include <caf/detail/tuple_vals.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/type_erased_tuple.hpp>

/// CAF generates much code for each type of message: copies, text, both ways of
/// serialising. Every conversation lists its messages and keeps that code in
/// its own source, since to generate it wherever one is sent took more than
/// half of all the time to build.
///
///     #define ORC_REPORT_MESSAGES(X) X(orc::report)
///     ORC_REPORT_MESSAGES(ORC_DECLARE_MESSAGE)     // in report.hpp, last
///     ORC_REPORT_MESSAGES(ORC_DEFINE_MESSAGE)      // in report.cpp
///
/// Nobody calls the member that is specialised; CAF 0.17.6 has an error in it,
/// which only shows where all members are generated.
#define ORC_DECLARE_MESSAGE(type)                                              \
  template <>                                                                  \
  void caf::mailbox_element_vals<type>::dispose() noexcept;                    \
  extern template class caf::detail::tuple_vals_impl<                          \
    caf::detail::message_data, type>;                                          \
  extern template class caf::detail::tuple_vals_impl<caf::type_erased_tuple,   \
                                                     type>;                    \
  extern template class caf::detail::tuple_vals<type>;                         \
  extern template class caf::mailbox_element_vals<type>;

/// See `ORC_DECLARE_MESSAGE`.
#define ORC_DEFINE_MESSAGE(type)                                               \
  template <>                                                                  \
  void caf::mailbox_element_vals<type>::dispose() noexcept {                   \
  }                                                                            \
  template class caf::detail::tuple_vals_impl<caf::detail::message_data,       \
                                              type>;                           \
  template class caf::detail::tuple_vals_impl<caf::type_erased_tuple, type>;   \
  template class caf::detail::tuple_vals<type>;                                \
  template class caf::mailbox_element_vals<type>;
