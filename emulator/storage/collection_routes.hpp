#pragma once

#include "emulator/api/router.hpp"
#include "emulator/storage/catalog.hpp"
#include "emulator/storage/storage_query.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace orc::emulator {

/// The paths of one kind of storage; all literals.
struct collection_paths {
  /// Such as `/v2/datasets`.
  std::string_view collection;
  /// Such as `/v2/datasets/{datasetId}`.
  std::string_view one;
  /// Such as `datasetId`.
  std::string_view parameter;
  /// For messages, such as `Dataset`.
  std::string_view title;
};

/// Finds the storage that a request names.
/// @throws api_error if there is none, or the caller may not do so
template <class Storage>
std::shared_ptr<Storage>
find_storage(const context& ctx, const catalog<Storage>& all,
             const collection_paths& paths, permission wanted) {
  auto result
    = all.resolve(std::string{ctx.param(paths.parameter)}, ctx.caller());
  if (!result)
    throw api_error{404, "record-not-found",
                    std::string{paths.title} + " was not found"};
  check_permission(ctx, result->info(), wanted);
  return result;
}

/// What all kinds of storages serve alike: list, get or create, get, update and
/// delete.
template <class Storage>
class collection_routes {
public:
  /// Writes the object of the API.
  using writer = std::function<void(json_writer&, const Storage&)>;

  collection_routes(catalog<Storage>& all, collection_paths paths, writer write)
    : all_(all), paths_(paths), write_(std::move(write)) {
    // nop
  }

  /// Registers the routes.
  /// @param self is kept by them
  static void add(router& routes, std::shared_ptr<collection_routes> self) {
    const auto& paths = self->paths_;
    const auto bind = [&](auto verb) {
      return [self, verb](const context_ptr& ctx) { ((*self).*verb)(*ctx); };
    };
    const auto open = route_options{access::open, 60};
    routes.add("GET", paths.collection, bind(&collection_routes::list));
    routes.add("POST", paths.collection, bind(&collection_routes::create));
    routes.add("GET", paths.one, bind(&collection_routes::get), open);
    routes.add("PUT", paths.one, bind(&collection_routes::update));
    routes.add("DELETE", paths.one, bind(&collection_routes::remove));
  }

private:
  void list(context& ctx) {
    const auto query = read_list_query(ctx);
    const auto page = all_.list(ctx.me().id, query);
    auto out = json_writer{};
    out.object().member("total", page.total).member("offset", query.offset);
    out.member("limit", query.limit).member("desc", query.desc);
    out.member("count", page.items.size()).member("unnamed", query.unnamed);
    out.key("items").array();
    for (const auto& item : page.items)
      write_(out, *item);
    ctx.reply_data(out.end_array().end_object().str());
  }

  void create(context& ctx) {
    const auto name = ctx.text("name");
    if (!name.empty()) {
      check_storage_name(name);
      if (auto found = all_.find_named(ctx.me().id, name)) {
        found->info().touch();
        return reply(ctx, *found);
      }
    }
    const auto made = all_.create(new_storage(ctx.me(), name));
    const auto path = std::string{paths_.collection} + '/' + made->info().id;
    reply(ctx, *made, 201, {{"Location", url_of(ctx, path)}});
  }

  void get(context& ctx) {
    const auto found = find_storage(ctx, all_, paths_, permission::read);
    found->info().touch();
    reply(ctx, *found);
  }

  void update(context& ctx) {
    const auto found = find_storage(ctx, all_, paths_, permission::write);
    const auto changes = read_info_changes(ctx);
    if (changes.name)
      all_.rename(*found, *changes.name);
    if (changes.general_access) {
      found->info().general_access = *changes.general_access;
      all_.save(*found);
    }
    reply(ctx, *found);
  }

  void remove(context& ctx) {
    const auto found = find_storage(ctx, all_, paths_, permission::write);
    all_.remove(found->info().id);
    ctx.reply_empty();
  }

  void reply(context& ctx, const Storage& x, int status = 200,
             http::fields headers = {}) {
    auto out = json_writer{};
    write_(out, x);
    ctx.reply_data(out.str(), status, std::move(headers));
  }

  catalog<Storage>& all_;
  collection_paths paths_;
  writer write_;
};

} // namespace orc::emulator
