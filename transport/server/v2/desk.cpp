#include "transport/server/v2/desk.hpp"

#include "messages/base/error.hpp"
#include "messages/base/log.hpp"
#include "transport/server/digest.hpp"
#include "transport/server/v2/visit.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace orc::server::v2 {

namespace {

constexpr logger log{"gateway"};

/// A store that does not answer for so long is broken.
constexpr std::chrono::seconds store_timeout{60};

constexpr std::size_t most_tokens = 10'000;

constexpr std::chrono::milliseconds longest_step{60'000};

} // namespace

bool is_underway(const run& x) {
  return x.state != run_state::queued && x.state != run_state::starting;
}

desk::desk(services& under, platform_link link)
  : under_{under}, link_{std::move(link)}, ids_{link_.instance},
    lost_answers_{[this](const std::string& name) { forget_start(name); }} {
  load_starts();
}

void desk::load_starts() {
  if (!link_.starts)
    return;
  // No request is taken before.
  under_.self
    ->request(link_.starts, store_timeout,
              orc::load_starts{now() - unanswered::patience})
    .await(
      [this](const noted_starts& x) {
        for (const auto& start : x.starts)
          lost_answers_.add(start.digest, start.name, unanswered::clock::now());
      },
      [](const caf::error& err) {
        log.warn("starts-unread", "error=\"{}\"", message_of(err));
      });
}

void desk::note_start(const std::string& digest, const std::string& name) {
  // What follows is stored behind it, or with it.
  if (link_.starts)
    caf::anon_send(link_.starts, orc::note_start{digest, name, now()});
}

void desk::expect_repeat(const std::string& digest, const std::string& name) {
  // From now on: the answer may have taken hours.
  note_start(digest, name);
  lost_answers_.add(digest, name, unanswered::clock::now());
}

void desk::forget_start(const std::string& name) {
  if (link_.starts)
    caf::anon_send(link_.starts, orc::forget_start{name});
}

void desk::take(http::exchange_ptr exchange) {
  std::make_shared<visit>(*this, std::move(exchange))->begin();
}

// -- the platform -------------------------------------------------------------

void desk::send(upstream_request x, http::client::callback f) {
  const auto& [token, base_url] = x.sender;
  http::outgoing request;
  request.method = std::move(x.method);
  request.url = http::parse_url(base_url.empty() ? link_.base_url : base_url)
                  .value_or(http::url{});
  if (request.url.target == "/")
    request.url.target.clear();
  request.url.target += x.target;
  request.headers = std::move(x.headers);
  if (!token.empty())
    request.headers.set("Authorization", "Bearer " + token.reveal());
  request.body = std::move(x.body);
  request.timeout = x.timeout;
  request.sink = std::move(x.sink);
  link_.client->send(std::move(request), std::move(f));
}

void desk::ask_platform(upstream_request x,
                        std::function<void(http::client::result)> f) {
  auto gateway = gateway_actor{under_.self};
  send(std::move(x), [gateway, f = std::move(f)](http::client::result answer) {
    auto kept = std::make_shared<http::client::result>(std::move(answer));
    caf::anon_send(gateway, errand{[f, kept] { f(std::move(*kept)); }});
  });
}

void desk::verify(const secret& token, verdict f) {
  auto digest = sha256(token.reveal());
  if (verified_.contains(digest))
    return f(true, http::response{});
  upstream_request who;
  who.target = "/v2/users/me";
  who.sender.token = token;
  ask_platform(std::move(who), [this, digest, f](http::client::result answer) {
    auto* given = std::get_if<http::response>(&answer);
    auto ok = given && given->status == 200;
    if (ok && verified_.size() < most_tokens)
      verified_.insert(digest);
    f(ok, std::move(answer));
  });
}

// -- time ---------------------------------------------------------------------

void desk::after(std::chrono::milliseconds delay, std::function<void()> f) {
  under_.self->delayed_send(under_.self, delay, errand{std::move(f)});
}

void desk::after(std::chrono::milliseconds delay, std::function<bool()> is_over,
                 std::function<void()> f) {
  // What is sent for later cannot be taken back: in short steps it is not kept
  // for long.
  auto step = std::min(delay, longest_step);
  after(step, [=, this] {
    if (is_over())
      return;
    step == delay ? f() : after(delay - step, is_over, f);
  });
}

std::function<void()> desk::from_elsewhere(std::function<void()> f) {
  return [gateway = gateway_actor{under_.self}, f = std::move(f)] {
    caf::anon_send(gateway, errand{f});
  };
}

// -- runs ---------------------------------------------------------------------

known_run desk::identify(run_record record) const {
  auto id = ids_.make(record.key);
  return {std::move(id), std::move(record)};
}

void desk::find(run_key key, run_callback f) {
  under_.self->request(link_.store, store_timeout, load_run{key})
    .then([this, f](loaded_run& x) { f(identify(std::move(x.record))); },
          [f](caf::error& x) { f(std::move(x)); });
}

void desk::find(const run_ref& ref, run_callback f) {
  under_.self->request(link_.store, store_timeout, find_run{ref})
    .then([this, f](run_record& x) { f(identify(std::move(x))); },
          [f](caf::error& x) { f(std::move(x)); });
}

void desk::subscribe_once() {
  if (std::exchange(subscribed_, true))
    return;
  under_.self->send(under_.events,
                    subscribe_events{event_sink{under_.self}, {}, 0});
}

void desk::wait(const run_ref& ref, std::function<bool(const run&)> wanted,
                std::chrono::milliseconds at_most, run_callback f) {
  subscribe_once();
  struct waiting {
    std::uint64_t number = 0;
    /// Gone once it was called.
    run_callback done;
  };
  auto state = std::make_shared<waiting>();
  state->done = std::move(f);
  auto finish = [this, ref, state] {
    auto done = std::exchange(state->done, {});
    if (!done)
      return;
    watch_.forget(ref, state->number);
    find(ref, std::move(done));
  };
  state->number = watch_.add(ref, [wanted, finish](const run& x) {
    if (!wanted(x))
      return false;
    finish();
    return true;
  });
  after(
    at_most, [state] { return !state->done; }, finish);
  // It may be so already.
  find(ref, [wanted, finish](const caf::expected<known_run>& x) {
    if (!x || wanted(x->record.view))
      finish();
  });
}

std::string desk::make_name() {
  static thread_local std::random_device source;
  return fmt::format("api-{:08x}{:08x}", source(), source());
}

// -- accounts -----------------------------------------------------------------

template <class F>
const account_settings* desk::find_settings(F wanted) const {
  for (const auto* all : {&link_.accounts, &gone_})
    if (auto i = std::find_if(all->begin(), all->end(), wanted);
        i != all->end())
      return &*i;
  return nullptr;
}

const account_settings* desk::settings_of(const std::string& account) const {
  return find_settings([&](const auto& x) { return x.name == account; });
}

void desk::change_accounts(std::vector<account_settings> accounts) {
  for (auto& x : accounts)
    if (const auto* known = settings_of(x.name))
      x.base_url = known->base_url;
  auto before = std::exchange(link_.accounts, std::move(accounts));
  before.insert(before.end(), gone_.begin(), gone_.end());
  gone_.clear();
  for (auto& x : before)
    if (!settings_of(x.name))
      gone_.push_back(std::move(x));
}

bool desk::is_configured(const std::string& account) const {
  return settings_of(account) != nullptr;
}

credentials desk::recognize(secret token) const {
  const auto* known
    = find_settings([&](const auto& x) { return x.token == token; });
  return {std::move(token), known ? known->base_url : ""};
}

void desk::find_account(const secret& token,
                        std::function<void(std::string)> f) {
  if (const auto* known
      = find_settings([&](const auto& x) { return x.token == token; }))
    return f(known->name);
  auto digest = sha256(token.reveal());
  if (auto known = accounts_.find(digest); known != accounts_.end())
    return f(known->second);
  under_.self->request(link_.store, store_timeout, load_accounts{})
    .then(
      [this, digest, f](const stored_accounts& xs) {
        for (const auto& x : xs.accounts)
          accounts_.insert_or_assign(sha256(x.token.reveal()), x.name);
        auto known = accounts_.find(digest);
        f(known != accounts_.end() ? known->second : "");
      },
      [f](const caf::error&) { f(""); });
}

void desk::find_credentials(const std::string& account,
                            std::function<void(credentials)> f) {
  if (const auto* known = settings_of(account))
    return f({known->token, known->base_url});
  under_.self->request(link_.store, store_timeout, load_accounts{})
    .then(
      [account, f](const stored_accounts& xs) {
        for (const auto& x : xs.accounts)
          if (x.name == account)
            return f({x.token, {}});
        f({});
      },
      [f](const caf::error&) { f({}); });
}

} // namespace orc::server::v2
