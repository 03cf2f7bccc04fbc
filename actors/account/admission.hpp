#pragma once

#include "actors/account/admission_queue.hpp"
#include "actors/account/admission_rules.hpp"
#include "actors/account/budget_holds.hpp"
#include "actors/account/capacity.hpp"
#include "actors/account/target_book.hpp"
#include "messages/run_actor.hpp"

#include <map>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace orc {

/// Decides which run starts when. Knows nothing of actors: it is told what
/// happens, and asked what to do next. docs/adr/0007 gives the reasons.
///
///     enqueue --> [ waiting ] --next--> [ starting ] --started--> [ running ]
///                   ^     |                 |                        |
///                   |     +--next_hopeless  |                        |
///                   +-------- returned -----+--------- ended --------+
class admission {
public:
  using placement = run_placement;

  admission(admission_rules rules, std::uint32_t seed);

  /// The account may use more or less from now on.
  void change_caps(std::optional<mebibytes> max_memory,
                   std::optional<std::uint64_t> max_runs);

  void enqueue(const queued_run& x);

  /// A run that lives since before this process.
  void resume(const run_record& x);

  void started(const run_started& x, timestamp now);
  void returned(const run_returned& x, timestamp now);
  void ended(run_key key, timestamp now);

  /// Its owner died: what it held is free until `restore`.
  std::optional<placement> withdraw(run_key key, timestamp now);
  void restore(run_key key, const placement& x);

  /// @returns whether the run waited; it does no more.
  bool cancel(run_key key) {
    return holds_.cancel(key) || queue_.erase(key);
  }

  /// A budget that runs wait for may have money again.
  /// @param openings as in the message.
  void budget_opened(const std::string& budget, std::uint64_t openings);

  /// @param x what the platform says; nothing if it would not tell.
  void target_known(const run_target& target,
                    const std::optional<target_defaults>& x);

  void limits_asked(timestamp now) {
    capacity_.limits_asked(now);
  }

  void limits_known(const account_limits& x);
  void limits_unknown();

  /// @returns the next run to start: it holds its memory and slot from now on.
  std::optional<run_key> next(timestamp now);

  /// @returns the next run that can never start.
  std::optional<refuse_run> next_hopeless();

  /// @returns targets whose defaults have to be asked for, each one once.
  std::vector<run_target> take_questions();

  /// @returns when to call `next` again although nothing happened.
  std::optional<timestamp> retry_at() const;

  std::string explain(const queued_run& x, timestamp now) const;

  const capacity& books() const {
    return capacity_;
  }

  std::uint64_t queued() const {
    return queue_.size() + holds_.parked();
  }

private:
  /// A run that does not fit while later ones do.
  struct overtaken {
    run_key key;
    timestamp since;
  };

  run_class class_of(const queued_run& x);
  std::uint32_t space_id(const std::string& space);
  std::optional<mebibytes> memory_of(const run_class& kind) const;
  bool is_hopeless(const run_class& kind) const;

  bool may_start(timestamp now);
  admission_verdict
  judge(const line_front& x, timestamp now, std::vector<line_front>& passed);
  bool keeps_room(const line_front& x, mebibytes memory, timestamp now) const;
  void note_passed(const line_front& x, timestamp now);
  void admit(const line_front& x, timestamp now);
  void place(run_key key, const placement& x);
  void handle_refusal(const placement& x, ec why, timestamp now);
  void wait_for_budget(const run_returned& x);
  void enqueue_all(const std::vector<queued_run>& xs);
  void look_again_at(std::optional<timestamp> x);

  std::string explain_capacity(mebibytes needed, timestamp now) const;
  std::optional<std::string> explain_account(timestamp now) const;
  std::optional<std::string>
  explain_target(const target_entry& x, timestamp now) const;

  admission_rules rules_;
  admission_queue queue_;
  capacity capacity_;
  target_book targets_;
  budget_holds holds_;
  std::map<std::string, std::uint32_t> space_ids_;
  std::unordered_map<run_key, placement> placed_;
  std::unordered_map<std::uint32_t, overtaken> overtaken_;
  std::vector<run_target> questions_;
  /// The platform cannot be reached.
  backoff unreachable_{std::chrono::milliseconds{250},
                       std::chrono::milliseconds{5'000}};
  std::optional<timestamp> retry_at_;
  bool may_have_hopeless_ = false;
  std::minstd_rand random_;
};

} // namespace orc
