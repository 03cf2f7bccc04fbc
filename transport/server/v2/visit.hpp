#pragma once

#include "transport/http/url.hpp"
#include "transport/server/v2/desk.hpp"
#include "transport/server/v2/place.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc::server::v2 {

/// Who sends a request.
struct caller {
  /// What the platform gets to see.
  credentials sender = {};
  /// May do with every run of this service as it likes.
  bool is_ours = false;
  /// With `is_ours`: on which account runs are started.
  std::string account = {};
};

/// One request of the platform's API while it is answered. What concerns runs
/// of this service is answered here or with the platform's help, all else goes
/// to the platform and back untouched. Keeps itself alive by the callbacks that
/// it waits for.
class visit : public std::enable_shared_from_this<visit> {
public:
  visit(desk& at, http::exchange_ptr exchange);

  /// Answers, now or later.
  void begin();

private:
  using milliseconds = std::chrono::milliseconds;
  using seconds = std::chrono::seconds;

  // -- who asks ---------------------------------------------------------------

  bool identify_caller();
  void watch_client();

  /// Calls `f` if the caller may change the run; else answers that there is no
  /// such run.
  void if_theirs(const known_run& x, std::function<void()> f);

  /// Calls `f` with what the platform shows the run for.
  void with_credentials(const known_run& x, std::function<void(credentials)> f);

  // -- starts: starts.cpp -----------------------------------------------------

  void start();
  void start_as(std::string account);
  void name_start(run_request& x);
  void submit(run_request request);
  void follow_start(const run_ref& ref);

  /// The client gets its answer now: if that is none it can use, it sends the
  /// start again, and shall get the same run.
  void end_note(int status);
  void answer_start(const known_run& x);
  void answer_end(const known_run& x);
  void answer_output(const known_run& x);
  void answer_record(upstream_request what);

  /// Sends a start that cannot be queued until the platform has room.
  void start_directly();

  // -- runs: runs.cpp ---------------------------------------------------------

  void visit_run(const known_run& x);
  void visit_started(const known_run& x);
  void visit_unstarted(const known_run& x);
  void show_run(const known_run& x);
  void abort_run(const known_run& x);
  void change_run(const known_run& x);
  void show_log(const known_run& x);
  void answer_log(const known_run& x);
  void relay_run(const known_run& x, const std::string& path);

  /// Answers with the run as the platform tells of it, or as we know it.
  /// @param wait what is left of `waitForFinish`.
  void answer_run(const known_run& x, int status, seconds wait);
  void
  ask_for_run(const known_run& x, int status, upstream_request what, int tries);

  // -- storages: storages.cpp -------------------------------------------------

  void visit_storage(const known_run& x);
  std::string storage_path(const run& x) const;
  void answer_empty(std::string_view rest);

  // -- lists: lists.cpp -------------------------------------------------------

  void list_runs();
  void visit_last_run();
  void ask_for_last_run();

  /// Calls `f` with the newest runs that wait and that a list with these
  /// filters shows, newest first.
  using waiting_callback = std::function<void(std::vector<known_run>)>;
  void with_waiting(std::size_t at_most, waiting_callback f);

  /// Goes on with the page of the store that follows `cursor`.
  struct waiting_search;
  void search_waiting(std::shared_ptr<waiting_search> x, std::string cursor);
  bool is_listed(const run_record& x, const std::string& account) const;
  void answer_list(const std::vector<known_run>& waiting);
  void
  change_list(http::response answer, const std::vector<known_run>& waiting);
  void rename_answer(http::response answer);

  // -- the platform -----------------------------------------------------------

  /// Passes the request on with another path, and the answer back untouched.
  void relay(const std::string& path, credentials sender);
  void relay();

  /// Sends a request and passes the answer back untouched.
  /// @param success stands for the status 200, if not 0.
  void stream(upstream_request what, int success = 0);

  /// The client gets the first of it.
  /// @param give_up for when it does not want the rest.
  void begin_stream(int status, const std::function<void()>& give_up);

  upstream_request make_request(const std::string& path) const;

  /// Asks the platform, again and again while it has no room and the client is
  /// there: `actor-memory-limit-exceeded` is no answer for a client.
  void ask_for_room(upstream_request what,
                    std::function<void(http::client::result)> f,
                    milliseconds pause = seconds{1});

  /// Answers with what the platform said, whole.
  void pass(http::client::result answer);

  // -- tools ------------------------------------------------------------------

  /// Calls `f` with the run of an id of ours; else the platform answers.
  void with_run(std::string_view id, std::function<void(const known_run&)> f);

  void reply(int status, std::string json);
  void reply(http::response response);
  void refuse(int status, std::string_view type, std::string_view message);
  void fail(const caf::error& why);
  void fail_unknown();

  /// @returns the seconds of `waitForFinish`, at most what the platform takes.
  seconds wait_for_finish() const;
  bool is_set(std::string_view parameter) const;
  const http::request& request() const noexcept;
  std::string location(std::string_view id) const;

  /// @returns who starts, for names: an account, or the token that brings one.
  std::string starter(const std::string& account) const;
  std::string digest(const std::string& account) const;

  /// A start without a name of its own.
  struct noted_start {
    std::string digest;
    std::string name;
  };

  /// What is known of a client that may go away. Only used at the GATEWAY.
  struct presence {
    bool gone = false;
    std::function<void()> on_gone;
    /// What it sends again if it gets no answer.
    std::optional<noted_start> noted;
  };

  desk& desk_;
  http::exchange_ptr exchange_;
  std::string path_;
  /// As sent, without the token.
  std::string query_text_;
  http::query query_;
  std::string method_;
  place place_;
  caller caller_;
  /// Where a run that was started is, for the answer.
  std::string location_;
  std::shared_ptr<presence> client_ = std::make_shared<presence>();
};

} // namespace orc::server::v2
