#pragma once

#include "messages/base/fields.hpp"
#include "persistence/sqlite/group_commit.hpp"

#include <caf/expected.hpp>
#include <caf/result.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <type_traits>
#include <utility>

namespace orc::sqlite {

/// Tells a store that all that waited when its transaction began is in it.
struct end_group {
  static constexpr auto fields = describe("end_group", "Commits.");
};

template <class T>
struct answer_of {
  using type = T;
};

template <class T>
struct answer_of<caf::expected<T>> {
  using type = T;
};

/// What the handlers of an actor do that keeps a store: they call a verb of one
/// of its parts, and answer when that is durable.
///
/// @tparam Group what ends the transaction: see `group_commit`.
///
/// The first write opens a transaction and sends `end_group`, which arrives
/// behind everything that waits now: that is how writes find together without
/// anybody waiting for a timer.
template <class Self, class Group = group_commit>
class grouped_store {
public:
  /// @param on_write called after each write, inside its transaction.
  grouped_store(Self self, Group& group, std::function<void()> on_write = {})
    : self_{self}, group_{group}, on_write_{std::move(on_write)} {
    // nop
  }

  /// Answers at once, or after the open transaction. If that is taken back, it
  /// reads once more: that others could not write is nothing to a reader.
  template <class Part, class Result, class Request>
  auto
  read(Part& part, Result (Part::*verb)(const Request&), const Request& request)
    -> caf::result<typename answer_of<Result>::type> {
    using answer_type = typename answer_of<Result>::type;
    try {
      group_.prepare();
      caf::expected<answer_type> outcome = (part.*verb)(request);
      if (!group_.is_open())
        return outcome;
      auto promise = self_->template make_response_promise<answer_type>();
      group_.defer([promise, request, outcome = std::move(outcome), verb,
                    &part](const caf::error& failed) mutable {
        if (failed)
          outcome = try_read<answer_type>(part, verb, request);
        deliver(promise, std::move(outcome));
      });
      return promise;
    } catch (const failure& problem) {
      if (group_.is_broken())
        group_.abandon(problem.error());
      return problem.error();
    }
  }

  /// Answers after the transaction.
  /// @param writes how much it is, for a group must not grow for ever.
  template <class Part, class Result, class Request>
  auto write(Part& part, Result (Part::*verb)(const Request&),
             const Request& request, std::size_t writes = 1)
    -> caf::result<typename answer_of<Result>::type> {
    return write([&] { return (part.*verb)(request); }, writes);
  }

  /// The same for what a function does.
  template <class F>
  auto write(F does, std::size_t writes)
    -> caf::result<typename answer_of<std::invoke_result_t<F>>::type> {
    using answer_type = typename answer_of<std::invoke_result_t<F>>::type;
    try {
      join(writes);
      auto result = answer_later(caf::expected<answer_type>{does()});
      if (on_write_)
        on_write_();
      if (group_.size() >= largest_group)
        group_.commit();
      return result;
    } catch (const failure& problem) {
      group_.abandon(problem.error());
      return problem.error();
    }
  }

  template <class Answer>
  void answer_later(caf::typed_response_promise<Answer> promise,
                    caf::expected<Answer> outcome) {
    group_.defer([promise, outcome = std::move(outcome)](
                   const caf::error& failed) mutable {
      if (failed)
        promise.deliver(failed);
      else
        deliver(promise, std::move(outcome));
    });
  }

  /// Opens a transaction for some more writes, and sees to its end.
  void join(std::size_t writes) {
    auto is_first = !group_.is_open();
    group_.join(writes);
    if (is_first)
      self_->send(self_, end_group{});
  }

private:
  // A group of so many writes is committed at once: what is gained by more is
  // less than what its senders lose by waiting.
  static constexpr std::size_t largest_group = 5'000;

  template <class Answer, class Part, class Verb, class Request>
  static caf::expected<Answer>
  try_read(Part& part, Verb verb, const Request& request) {
    try {
      return (part.*verb)(request);
    } catch (const failure& problem) {
      return problem.error();
    }
  }

  template <class Answer>
  static void deliver(caf::typed_response_promise<Answer>& promise,
                      caf::expected<Answer> outcome) {
    if (outcome)
      promise.deliver(std::move(*outcome));
    else
      promise.deliver(std::move(outcome.error()));
  }

  template <class Answer>
  caf::typed_response_promise<Answer>
  answer_later(caf::expected<Answer> outcome) {
    auto promise = self_->template make_response_promise<Answer>();
    answer_later(promise, std::move(outcome));
    return promise;
  }

  Self self_;
  Group& group_;
  std::function<void()> on_write_;
};

} // namespace orc::sqlite
