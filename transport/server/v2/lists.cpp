// Lists of runs: the platform's, in which our runs have the ids that their
// clients know, with those that still wait as the newest ones.

#include "messages/base/error.hpp"
#include "messages/base/timestamp.hpp"
#include "messages/json/gateway_answers.hpp"
#include "transport/server/v2/list_window.hpp"
#include "transport/server/v2/query_text.hpp"
#include "transport/server/v2/visit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace orc::server::v2 {

namespace {

using namespace std::chrono_literals;

constexpr auto store_timeout = 60s;

/// The platform's longest page; it is also how many waiting runs lists show.
constexpr std::uint64_t most = 1000;

std::uint64_t number_in(const http::query& query, std::string_view name,
                        std::uint64_t otherwise) {
  auto text = query.get(name).value_or("");
  std::uint64_t result = 0;
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, result);
  return text.empty() || error != std::errc{} || stop != end ? otherwise
                                                             : result;
}

/// @returns whether a list with these filters shows runs that wait.
bool shows_waiting(const http::query& query) {
  constexpr std::string_view ready = "READY";
  auto status = query.get("status").value_or(ready);
  return status.empty() || status.find(ready) != std::string_view::npos;
}

bool is_in_time(const http::query& query, timestamp at) {
  auto after = parse_timestamp(query.get("startedAfter").value_or(""));
  auto before = parse_timestamp(query.get("startedBefore").value_or(""));
  return (!after || at >= *after) && (!before || at <= *before);
}

/// @returns a query in which two numbers are replaced.
std::string
page_query(std::string_view query, std::uint64_t offset, std::uint64_t limit) {
  auto rest = filter_query(query, [](const std::string& name) {
    return name != "offset" && name != "limit";
  });
  return fmt::format("?{}{}offset={}&limit={}", rest, rest.empty() ? "" : "&",
                     offset, limit);
}

list_window
window_of(const http::query& query, bool desc, std::uint64_t waiting) {
  list_window result;
  result.offset = number_in(query, "offset", 0);
  auto limit = number_in(query, "limit", most);
  result.limit = limit == 0 ? most : std::min(limit, most);
  result.newest_first = desc;
  result.waiting = waiting;
  return result;
}

} // namespace

struct visit::waiting_search {
  std::string account;
  std::size_t at_most = 0;
  waiting_callback done;
  std::vector<known_run> found;
};

void visit::with_waiting(std::size_t at_most, waiting_callback f) {
  auto search = std::make_shared<waiting_search>();
  search->at_most = at_most;
  search->done = std::move(f);
  auto begin = [self = shared_from_this(), search](std::string account) {
    if (account.empty() || !shows_waiting(self->query_))
      return search->done({});
    search->account = std::move(account);
    self->search_waiting(search, {});
  };
  if (caller_.is_ours)
    return begin(caller_.account);
  if (caller_.sender.token.empty())
    return begin("");
  desk_.find_account(caller_.sender.token, std::move(begin));
}

void visit::search_waiting(std::shared_ptr<waiting_search> x,
                           std::string cursor) {
  orc::list_runs question;
  question.states = {run_state::queued, run_state::starting};
  question.limit = most;
  question.cursor = std::move(cursor);
  auto& under = desk_.under();
  under.self->request(desk_.link().store, store_timeout, std::move(question))
    .then(
      [self = shared_from_this(), x](record_page& page) {
        for (auto& record : page.records)
          if (x->found.size() < x->at_most
              && self->is_listed(record, x->account)) {
            auto id = self->desk_.ids().make(record.key);
            x->found.push_back({std::move(id), std::move(record)});
          }
        if (page.next_cursor.empty() || x->found.size() == x->at_most)
          return x->done(std::move(x->found));
        self->search_waiting(x, std::move(page.next_cursor));
      },
      [self = shared_from_this()](const caf::error& err) { self->fail(err); });
}

bool visit::is_listed(const run_record& x, const std::string& account) const {
  return x.view.account == account
         && (place_.target.id.empty() || x.target == place_.target)
         && is_in_time(query_, x.view.submitted_at);
}

void visit::list_runs() {
  with_waiting(most,
               [self = shared_from_this()](std::vector<known_run> waiting) {
                 if (!self->is_set("desc"))
                   std::reverse(waiting.begin(), waiting.end());
                 self->answer_list(waiting);
               });
}

void visit::answer_list(const std::vector<known_run>& waiting) {
  auto window = window_of(query_, is_set("desc"), waiting.size());
  auto what = make_request(path_);
  what.headers.remove("Accept-Encoding");
  // Also where none is wanted: the total is.
  what.target
    = path_
      + page_query(query_text_, window.platform_offset(),
                   std::max<std::uint64_t>(1, window.platform_limit()));
  desk_.ask_platform(std::move(what), [self = shared_from_this(),
                                       waiting](http::client::result answer) {
    auto* given = std::get_if<http::response>(&answer);
    if (!given || given->status != 200)
      return self->pass(std::move(answer));
    self->change_list(std::move(*given), waiting);
  });
}

void visit::change_list(http::response answer,
                        const std::vector<known_run>& waiting) {
  auto page = read_run_list(answer.body);
  if (!page)
    return pass(std::move(answer));
  auto window = window_of(query_, is_set("desc"), waiting.size());
  run_list_change change;
  change.total = page->total + waiting.size();
  change.offset = window.offset;
  change.limit = window.limit;
  change.only_these = window.platform_limit() == 0;
  auto count = change.only_these ? 0 : page->ids.size();
  auto first = window.first_waiting(page->total);
  auto last = first + window.count_waiting(count, page->total);
  auto& added = window.newest_first ? change.before : change.after;
  for (auto i = first; i < last; ++i)
    added.push_back(render_waiting_run(waiting[i].record, waiting[i].id));
  auto& under = desk_.under();
  under.self->request(desk_.link().store, store_timeout, find_bound{page->ids})
    .then(
      [self = shared_from_this(), answer,
       change](const bound_runs& known) mutable {
        for (const auto& [run_id, key] : known.owners)
          change.names.emplace(run_id, self->desk_.ids().make(key));
        answer.body = change_run_list(answer.body, change);
        self->pass(std::move(answer));
      },
      [self = shared_from_this()](const caf::error& x) { self->fail(x); });
}

void visit::visit_last_run() {
  with_waiting(1, [self = shared_from_this()](std::vector<known_run> waiting) {
    // Only READY ones are asked for, or any.
    if (!waiting.empty() && !self->query_.contains("origin"))
      return self->visit_run(waiting.front());
    const auto& rest = self->place_.rest;
    auto tells_of_it = self->method_ == "GET" && rest.empty();
    auto changes_it
      = self->method_ == "POST"
        && (rest == "/abort" || rest == "/reboot" || rest == "/metamorph");
    if (tells_of_it || changes_it)
      return self->ask_for_last_run();
    self->relay();
  });
}

void visit::ask_for_last_run() {
  auto what = make_request(path_);
  what.headers.remove("Accept-Encoding");
  desk_.ask_platform(std::move(what),
                     [self = shared_from_this()](http::client::result answer) {
                       auto* given = std::get_if<http::response>(&answer);
                       if (!given || given->status != 200)
                         return self->pass(std::move(answer));
                       self->rename_answer(std::move(*given));
                     });
}

void visit::rename_answer(http::response answer) {
  auto& under = desk_.under();
  auto id = read_run_id(answer.body);
  under.self->request(desk_.link().store, store_timeout, find_bound{{id}})
    .then(
      [self = shared_from_this(), answer](const bound_runs& known) mutable {
        if (!known.owners.empty())
          answer.body = rename_run(
            answer.body, self->desk_.ids().make(known.owners.begin()->second));
        self->pass(std::move(answer));
      },
      [self = shared_from_this()](const caf::error& x) { self->fail(x); });
}

} // namespace orc::server::v2
