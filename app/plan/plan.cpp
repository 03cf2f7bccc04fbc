#include "app/plan/plan.hpp"

#include "actors/splitter/split_job.hpp"
#include "app/plan/slices.hpp"
#include "app/text/file_text.hpp"
#include "messages/json/json.hpp"
#include "messages/split_submission.hpp"
#include "messages/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <unordered_map>
#include <unordered_set>

namespace orc::app {

namespace {

/// FNV-1a: stable on all machines and in all versions, as made names must be.
class hasher {
public:
  /// The length goes in, too, so that no two lists of parts look alike.
  hasher& add(std::string_view part) {
    auto size = part.size();
    for (int i = 0; i < 8; ++i, size >>= 8)
      mix(static_cast<unsigned char>(size));
    for (auto c : part)
      mix(static_cast<unsigned char>(c));
    return *this;
  }

  std::uint64_t value() const noexcept {
    return value_;
  }

private:
  void mix(unsigned char byte) {
    value_ = (value_ ^ byte) * 0x100000001b3;
  }

  std::uint64_t value_ = 0xcbf29ce484222325;
};

std::string options_text(const run_options& x) {
  auto result
    = fmt::format("{}|{}|{}|{}|{}|{}|{}", x.memory ? x.memory->count : 0,
                  x.timeout_secs.value_or(-1), x.build.value_or(""),
                  x.max_items.value_or(0), x.max_total_charge_usd.value_or(0),
                  x.restart_on_error ? 1 + *x.restart_on_error : 0,
                  x.webhooks.view());
  // Only where it is set: names that were made before stay as they are.
  if (x.force_permission_level)
    result += fmt::format("|{}", name_of(*x.force_permission_level));
  return result;
}

std::uint64_t hash_of(const run_ref& x) {
  return hasher{}.add(x.space).add(x.name).value();
}

} // namespace

std::string made_name(const run_request& x) {
  auto hash = hasher{}
                .add(x.actor)
                .add(x.task)
                .add(x.account)
                .add(x.input.view())
                .add(options_text(x.options))
                .value();
  return fmt::format("run-{:012x}", (hash ^ hash >> 48) & 0xffffffffffff);
}

/// Reads all requests of a plan once, to check them.
class plan_reader {
public:
  explicit plan_reader(std::string source) : source_{std::move(source)} {
    // nop
  }

  caf::expected<plan> read(std::string text) {
    if (auto err = split(std::move(text)))
      return relate(err, "");
    for (const auto& x : slices_)
      if (auto err = check(x))
        return err;
    for (const auto& x : lists_)
      if (auto err = add_list(x))
        return relate(err, fmt::format("splits[{}]", &x - lists_.data()));
    if (slices_.empty() && lists_.empty())
      return relate(make_error(ec::bad_field, "the plan has no runs"), "");
    make_names();
    return std::move(result_);
  }

private:
  /// Cuts the text into requests.
  caf::error split(std::string text) {
    if (text.starts_with("\xEF\xBB\xBF"))
      text.erase(0, 3);
    form_ = form_of(text);
    if (form_ == plan_form::lines) {
      slices_ = split_lines(keep(std::move(text)));
      return {};
    }
    auto compact = minify_json(text);
    if (!compact)
      return compact.error();
    if (compact->starts_with('['))
      return make_error(ec::bad_field, "document: must be an object, not an "
                                       "array; write {\"runs\": […]}");
    auto whole = keep(std::move(*compact));
    if (form_ == plan_form::single) {
      slices_.push_back({whole, 0});
      return {};
    }
    auto slices = split_document(whole);
    if (!slices)
      return slices.error();
    slices_ = std::move(slices->runs);
    lists_ = std::move(slices->splits);
    result_.fixed_input_ = json_text{std::string{slices->fixed_input}};
    return {};
  }

  std::string_view keep(std::string text) {
    result_.text_ = std::make_shared<const std::string>(std::move(text));
    return *result_.text_;
  }

  /// Takes a list, if it makes sense.
  caf::error add_list(const slice& x) {
    auto wanted = from_json<split_submission>(x.text);
    if (!wanted)
      return std::move(wanted.error());
    plan_list list;
    constexpr std::string_view in_file = "\"@";
    if (wanted->items.view().starts_with(in_file)) {
      auto name = from_json<std::string>(wanted->items.view());
      if (!name)
        return std::move(name.error());
      list.file = name->substr(1);
      // As a list that is at hand, only to pass.
      wanted->items
        = json_text{wanted->format == item_format::json ? "[]" : "\"\""};
    }
    auto what = to_message(std::move(*wanted));
    if (!what)
      return std::move(what.error());
    if (what->dry_run)
      return make_error(ec::bad_field, "dryRun: makes no sense in a plan");
    auto job
      = split_job::make(what->request, result_.fixed_input_.view().size());
    if (!job)
      return std::move(job.error());
    list.what = std::move(*what);
    auto& accounts = result_.accounts_;
    const auto& run = list.what.request.run;
    if (run.token.empty()
        && std::find(accounts.begin(), accounts.end(), run.account)
             == accounts.end())
      accounts.push_back(run.account);
    result_.lists_.push_back(std::move(list));
    return {};
  }

  caf::error check(const slice& x) {
    auto request = from_json<run_request>(x.text);
    if (!request)
      return relate(request.error(), place_of(x));
    if (auto err = validate(*request, ""))
      return relate(err, place_of(x));
    auto& ref
      = result_.names_.emplace_back(run_ref{request->space, request->name});
    if (ref.name.empty()) {
      unnamed_.emplace_back(result_.names_.size() - 1);
      ref.name = made_name(*request);
    } else if (auto err = claim(ref, x)) {
      return err;
    }
    result_.slices_.push_back(x.text);
    auto& accounts = result_.accounts_;
    if (request->token.empty()
        && std::find(accounts.begin(), accounts.end(), request->account)
             == accounts.end())
      accounts.push_back(request->account);
    return {};
  }

  /// Claims a name that a user gave.
  caf::error claim(const run_ref& ref, const slice& x) {
    auto number = result_.names_.size() - 1;
    auto [other, is_new] = taken_.emplace(hash_of(ref), number);
    // Another name may have the same hash; it can then be doubled unseen, which
    // the ORCHESTRATOR notices.
    if (is_new || result_.names_[other->second] != ref)
      return {};
    return relate(make_error(ec::duplicate_name,
                             fmt::format("name: `{}` is the name of {}, too",
                                         ref.name,
                                         place_of(slices_[other->second]))),
                  place_of(x));
  }

  /// Names runs that have none, after all given names are known.
  void make_names() {
    std::unordered_map<std::string, std::size_t> ordinals;
    for (auto number : unnamed_) {
      auto& ref = result_.names_[number];
      auto base = ref.name;
      do {
        auto ordinal = ++ordinals[fmt::format("{} {}", ref.space, base)];
        ref.name = ordinal == 1 ? base : fmt::format("{}-{}", base, ordinal);
      } while (!taken_.emplace(hash_of(ref), number).second);
    }
  }

  std::string place_of(const slice& x) const {
    switch (form_) {
      case plan_form::document:
        return fmt::format("runs[{}]", &x - slices_.data());
      case plan_form::lines:
        return fmt::format("line {}", x.line);
      case plan_form::single:
        break;
    }
    return "";
  }

  /// Says in an error where it is about: `plan.json: runs[3].name: …`.
  caf::error relate(const caf::error& problem, const std::string& place) const {
    auto text = message_of(problem);
    // A line of a plan has columns only.
    auto same_line = std::string_view{"line 1, "};
    auto whole = std::string_view{"document: "};
    if (form_ == plan_form::lines && text.starts_with(same_line))
      text = fmt::format("{}, {}", place, text.substr(same_line.size()));
    else if (text.starts_with(whole) && !place.empty())
      text = fmt::format("{}: {}", place, text.substr(whole.size()));
    else if (!place.empty())
      text = fmt::format("{}{}{}", place,
                         form_ == plan_form::lines ? ": " : ".", text);
    if (!source_.empty())
      text = fmt::format("{}: {}", source_, text);
    return make_error(code_of(problem), text);
  }

  std::string source_;
  plan_form form_ = plan_form::document;
  std::vector<slice> slices_;
  std::vector<slice> lists_;
  /// Numbers of requests by the hash of their names.
  std::unordered_map<std::uint64_t, std::size_t> taken_;
  std::vector<std::size_t> unnamed_;
  plan result_;
};

std::vector<run_request>
plan::requests(std::size_t first, std::size_t count) const {
  std::vector<run_request> result;
  for (auto i = first; i < std::min(first + count, size()); ++i)
    if (auto request = from_json<run_request>(slices_[i])) {
      request->name = names_[i].name;
      result.push_back(std::move(*request));
    }
  return result;
}

caf::expected<plan> read_plan(std::string text, const std::string& source) {
  return plan_reader{source}.read(std::move(text));
}

caf::expected<plan> read_plan(std::string_view text) {
  return read_plan(std::string{text}, "");
}

caf::expected<plan> read_plan_file(const std::string& path) {
  auto text = read_file_or_input(path);
  if (!text)
    return text.error();
  return read_plan(std::move(*text), path == "-" ? "standard input" : path);
}

} // namespace orc::app
