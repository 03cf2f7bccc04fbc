#include "emulator/platform/webhooks.hpp"

#include "emulator/api/api_error.hpp"
#include "emulator/api/ids.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace orc::emulator {

namespace {

constexpr auto event_types = std::array<std::string_view, 12>{
  "ACTOR.RUN.CREATED",   "ACTOR.RUN.SUCCEEDED",   "ACTOR.RUN.FAILED",
  "ACTOR.RUN.ABORTED",   "ACTOR.RUN.TIMED_OUT",   "ACTOR.RUN.RESURRECTED",
  "ACTOR.BUILD.CREATED", "ACTOR.BUILD.SUCCEEDED", "ACTOR.BUILD.FAILED",
  "ACTOR.BUILD.ABORTED", "ACTOR.BUILD.TIMED_OUT", "TEST"};

constexpr auto max_retries = std::size_t{11};
constexpr auto first_pause = std::chrono::minutes{1};
/// How many deliveries are remembered.
constexpr auto max_dispatches = std::size_t{10'000};

std::vector<std::string> read_event_types(const json_value& list) {
  auto result = std::vector<std::string>{};
  if (list.IsArray())
    for (const auto& x : list.GetArray())
      if (x.IsString())
        result.emplace_back(x.GetString());
  for (const auto& x : result)
    if (std::find(event_types.begin(), event_types.end(), x)
        == event_types.end())
      throw api_error{400, "invalid-value",
                      "\"" + x + "\" is no webhook event type."};
  if (result.empty())
    throw api_error{400, "invalid-value",
                    "eventTypes must name at least one event type."};
  return result;
}

void read_condition(const json_value& condition, webhook& result) {
  result.actor_id = string_member(condition, "actorId");
  result.task_id = string_member(condition, "actorTaskId");
  result.run_id = string_member(condition, "actorRunId");
}

/// Takes over the fields that a body holds.
void read_fields(const json_value& body, webhook& result) {
  if (!body.IsObject())
    throw api_error{400, "invalid-value", "A webhook must be a JSON object."};
  if (const auto* types = find_member(body, "eventTypes"))
    result.event_types = read_event_types(*types);
  if (const auto* condition = find_member(body, "condition"))
    read_condition(*condition, result);
  const auto text = [&body](std::string_view name, std::string& field) {
    field = string_member(body, name, field);
  };
  text("requestUrl", result.request_url);
  text("payloadTemplate", result.payload_template);
  text("headersTemplate", result.headers_template);
  text("description", result.description);
  text("idempotencyKey", result.idempotency_key);
  const auto flag = [&body](std::string_view name, bool& field) {
    field = bool_member(body, name, field);
  };
  flag("ignoreSslErrors", result.ignore_ssl_errors);
  flag("doNotRetry", result.do_not_retry);
  flag("isAdHoc", result.is_ad_hoc);
  flag("shouldInterpolateStrings", result.interpolate_strings);
}

webhook make_webhook(const user& owner, const json_value& body) {
  auto result = webhook{};
  result.id = new_id();
  result.user_id = owner.id;
  result.token = owner.token;
  result.created_at = result.modified_at = now();
  read_fields(body, result);
  if (result.event_types.empty() || result.request_url.empty())
    throw api_error{400, "invalid-value",
                    "A webhook needs eventTypes and a requestUrl."};
  return result;
}

bool hears(const webhook& x, std::string_view type, const std::string& actor_id,
           const std::string& task_id, const std::string& run_id) {
  const auto fits = [](const std::string& wanted, const std::string& is) {
    return wanted.empty() || wanted == is;
  };
  return fits(x.actor_id, actor_id) && fits(x.task_id, task_id)
         && fits(x.run_id, run_id)
         && std::find(x.event_types.begin(), x.event_types.end(), type)
              != x.event_types.end();
}

} // namespace

std::pair<webhook*, bool>
webhook_book::create(const user& owner, const json_value& body) {
  auto x = make_webhook(owner, body);
  if (!x.idempotency_key.empty()) {
    const auto key = owner.id + "/" + x.idempotency_key;
    const auto i = by_idempotency_key_.find(key);
    if (i != by_idempotency_key_.end())
      return {i->second, false};
  }
  auto& added = add(std::move(x));
  saved_.save("webhooks", to_json(added));
  return {&added, true};
}

void webhook_book::create_ad_hoc(const user& owner, std::string_view run_id,
                                 const json_value& representations) {
  if (!representations.IsArray())
    throw api_error{400, "invalid-value",
                    "webhooks must be a base64-encoded JSON array."};
  for (const auto& body : representations.GetArray()) {
    auto x = make_webhook(owner, body);
    x.is_ad_hoc = true;
    x.run_id = run_id;
    const auto key = owner.id + "/" + x.idempotency_key;
    if (x.idempotency_key.empty() || by_idempotency_key_.count(key) == 0)
      saved_.save("webhooks", to_json(add(std::move(x))));
  }
}

webhook& webhook_book::add(webhook x) {
  auto& entry = webhooks_[x.id];
  entry = std::make_unique<webhook>(std::move(x));
  (entry->run_id.empty() ? by_user_[entry->user_id] : by_run_[entry->run_id])
    .push_back(entry.get());
  if (!entry->idempotency_key.empty())
    by_idempotency_key_[entry->user_id + "/" + entry->idempotency_key]
      = entry.get();
  return *entry;
}

void webhook_book::restore(const user& owner, const json_value& record) {
  auto x = make_webhook(owner, record);
  x.id = string_member(record, "id");
  x.created_at
    = parse_iso(string_member(record, "createdAt")).value_or(x.created_at);
  x.modified_at
    = parse_iso(string_member(record, "modifiedAt")).value_or(x.modified_at);
  add(std::move(x));
}

void webhook_book::update(webhook& x, const json_value& body) {
  auto changed = x;
  read_fields(body, changed);
  changed.modified_at = now();
  take_out(x);
  saved_.save("webhooks", to_json(add(std::move(changed))));
}

webhook* webhook_book::find(std::string_view id, const user& caller) const {
  const auto i = webhooks_.find(std::string{id});
  return i != webhooks_.end() && i->second->user_id == caller.id
           ? i->second.get()
           : nullptr;
}

webhook_dispatch*
webhook_book::find_dispatch(std::string_view id, const user& caller) const {
  for (const auto& x : dispatches_)
    if (x->id == id && x->user_id == caller.id)
      return x.get();
  return nullptr;
}

void webhook_book::remove(const webhook& x) {
  saved_.remove("webhooks", x.id);
  take_out(x);
}

void webhook_book::take_out(const webhook& x) {
  auto& list = x.run_id.empty() ? by_user_[x.user_id] : by_run_[x.run_id];
  list.erase(std::remove(list.begin(), list.end(), &x), list.end());
  by_idempotency_key_.erase(x.user_id + "/" + x.idempotency_key);
  // The key is within what is erased.
  const auto id = x.id;
  webhooks_.erase(id);
}

std::vector<webhook*>
webhook_book::listeners(const std::string& user_id, std::string_view type,
                        const std::string& actor_id, const std::string& task_id,
                        const std::string& run_id) const {
  auto result = std::vector<webhook*>{};
  const auto collect = [&](const auto& map, const std::string& key) {
    const auto i = map.find(key);
    if (i == map.end())
      return;
    for (auto* x : i->second)
      if (hears(*x, type, actor_id, task_id, run_id))
        result.push_back(x);
  };
  collect(by_run_, run_id);
  collect(by_user_, user_id);
  return result;
}

bool webhook_book::has_listener(const std::string& user_id,
                                std::string_view type,
                                const std::string& actor_id,
                                const std::string& task_id,
                                const std::string& run_id) const {
  return !listeners(user_id, type, actor_id, task_id, run_id).empty();
}

void webhook_book::publish(const std::string& user_id,
                           const webhook_event& event) {
  for (auto* x : listeners(user_id, event.type, event.actor_id, event.task_id,
                           event.run_id))
    dispatch(*x, event);
}

webhook_dispatch& webhook_book::test(webhook& x) {
  return dispatch(x,
                  webhook_event{"TEST", x.actor_id, x.task_id, x.run_id, {}});
}

webhook_dispatch&
webhook_book::dispatch(webhook& to, const webhook_event& event) {
  auto what = std::make_shared<webhook_dispatch>();
  what->id = new_id();
  what->user_id = to.user_id;
  what->webhook_id = to.id;
  what->request_url = to.request_url;
  what->event = event;
  what->created_at = now();
  ++to.dispatches;
  dispatches_.push_back(what);
  if (dispatches_.size() > max_dispatches)
    dispatches_.pop_front();
  deliver(what);
  return *what;
}

void webhook_book::deliver(const std::shared_ptr<webhook_dispatch>& what) {
  const auto i = webhooks_.find(what->webhook_id);
  if (i == webhooks_.end()) {
    what->status = "FAILED";
    return;
  }
  auto request
    = webhook_request{i->second->request_url, make_headers(*i->second, *what),
                      make_payload(*i->second, *what), i->second->token};
  sender_.send(std::move(request), [this, what](webhook_call call) {
    on_answer(what, std::move(call));
  });
}

void webhook_book::on_answer(const std::shared_ptr<webhook_dispatch>& what,
                             webhook_call call) {
  const auto ok = call.status >= 200 && call.status < 300;
  what->calls.push_back(std::move(call));
  const auto i = webhooks_.find(what->webhook_id);
  const auto retries = what->calls.size() - 1;
  if (ok)
    what->status = "SUCCEEDED";
  else if (i == webhooks_.end() || i->second->do_not_retry
           || retries >= max_retries)
    what->status = "FAILED";
  else
    agenda_.at(now() + first_pause * (1 << retries),
               [this, what] { deliver(what); });
}

void webhook_book::clear() {
  webhooks_.clear();
  by_run_.clear();
  by_user_.clear();
  by_idempotency_key_.clear();
  dispatches_.clear();
}

} // namespace orc::emulator
